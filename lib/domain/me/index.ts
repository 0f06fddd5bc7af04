export { changeOwnPassword } from "./change-password.ts";
export { getMe } from "./read.ts";
