import { bedrockUpstream } from "#gateway/dialects/bedrock/dialect.ts";
import { bearer } from "../authorize.ts";
import { makeAdapter } from "../make-adapter.ts";
import { sigV4Authorize } from "./sigv4.ts";

/** Amazon Bedrock: Converse, by translation only; signed with AWS keys, or with a Bedrock API key as a bearer. */
export const bedrock = makeAdapter({
  kind: "bedrock",
  endpoints: {},
  translation: {
    dialect: bedrockUpstream,
    path: "/model/{model}/converse",
    streamPath: "/model/{model}/converse-stream",
    headers: [],
  },
  authorize: (outgoing, credential, options, tools) =>
    (credential.kind === "awsKeys" ? sigV4Authorize : bearer)(outgoing, credential, options, tools),
});
