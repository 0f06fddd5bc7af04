import { bearer } from "../authorize.ts";
import { makeAdapter } from "../make-adapter.ts";
import { sigV4Authorize } from "./sigv4.ts";

/** Amazon Bedrock: Converse, by translation only; signed with AWS keys, or with a Bedrock API key as a bearer. */
export const bedrock = makeAdapter({
  kind: "bedrock",
  endpoints: {},
  authorize: (outgoing, credential, options, tools) =>
    (credential.kind === "awsKeys" ? sigV4Authorize : bearer)(outgoing, credential, options, tools),
});
