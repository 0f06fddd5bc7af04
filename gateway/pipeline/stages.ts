import type { Stage } from "./parts.ts";
import { authorize } from "./stages/authorize.ts";
import { authorizeHttp } from "./stages/authorize-http.ts";
import { cache } from "./stages/cache.ts";
import { forward } from "./stages/forward.ts";
import { guardRequest } from "./stages/guard-request.ts";
import { guardText } from "./stages/guard-text.ts";
import { identify } from "./stages/identify.ts";
import { limit } from "./stages/limit.ts";
import { listModels } from "./stages/list-models.ts";
import { readBody } from "./stages/read-body.ts";
import { readHttpBody } from "./stages/read-http-body.ts";
import { route } from "./stages/route.ts";

/** The whole pipeline, top to bottom. What a call does not need is left out of its compiled list; metering comes after. */
export const PIPELINE: readonly Stage[] = [
  identify,
  listModels,
  readBody,
  authorize,
  authorizeHttp,
  guardRequest,
  limit,
  readHttpBody,
  guardText,
  cache,
  route,
  forward,
];
