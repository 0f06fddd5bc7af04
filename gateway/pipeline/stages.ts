import type { Stage } from "./parts.ts";
import { authorize } from "./stages/authorize.ts";
import { forward } from "./stages/forward.ts";
import { identify } from "./stages/identify.ts";
import { limit } from "./stages/limit.ts";
import { listModels } from "./stages/list-models.ts";
import { readBody } from "./stages/read-body.ts";
import { route } from "./stages/route.ts";

/** The whole pipeline, top to bottom. What a call does not need is left out of its compiled list; metering comes after. */
export const PIPELINE: readonly Stage[] = [identify, listModels, readBody, authorize, limit, route, forward];
