import type { AppsV1Api, KubeConfig } from "@kubernetes/client-node";
import { env } from "../../../env.ts";
import { DriverFailed } from "./driver.ts";

/** For each request to the cluster's API. */
const WAIT_MS = 5_000;

/** Whose scale is read and set. */
export interface DeploymentName {
  readonly namespace: string;
  readonly deployment: string;
}

/** How many replicas a Deployment is to have, by its scale subresource. Throws `DriverFailed`. */
export async function readReplicas(name: DeploymentName): Promise<number> {
  return asking(name, "get", async ({ api, options }) => {
    const scale = await api.readNamespacedDeploymentScale(parametersOf(name), options());
    return scale.spec?.replicas ?? 0;
  });
}

/** Sets it, and nothing else of the Deployment. The same number again changes nothing. Throws `DriverFailed`. */
export async function writeReplicas(name: DeploymentName, replicas: number): Promise<void> {
  await asking(name, "patch", async ({ api, options }) => {
    await api.patchNamespacedDeploymentScale({ ...parametersOf(name), body: { spec: { replicas } } }, options());
  });
}

function parametersOf({ namespace, deployment }: DeploymentName) {
  return { namespace, name: deployment };
}

interface Cluster {
  api: AppsV1Api;
  /** For one request: its deadline, and that a patch is a merge patch. */
  options(): Parameters<AppsV1Api["readNamespacedDeploymentScale"]>[1];
}

async function asking<T>(
  name: DeploymentName,
  verb: "get" | "patch",
  work: (cluster: Cluster) => Promise<T>,
): Promise<T> {
  try {
    return await work(await connect());
  } catch (error) {
    throw new DriverFailed(explain(error, name, verb));
  }
}

/** The client is large, so it is loaded only where a group is scaled in a cluster. */
async function connect(): Promise<Cluster> {
  const { AppsV1Api, KubeConfig, PatchStrategy, setHeaderMiddleware } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  load(config);
  const merge = setHeaderMiddleware("Content-Type", PatchStrategy.MergePatch);
  return {
    api: config.makeApiClient(AppsV1Api),
    options: () => ({
      middleware: [
        {
          pre: (request) => {
            request.setSignal(AbortSignal.timeout(WAIT_MS));
            return merge.pre(request);
          },
          post: (response) => merge.post(response),
        },
      ],
      middlewareMergeStrategy: "append",
    }),
  };
}

function load(config: KubeConfig): void {
  const file = env().TURNPIKE_KUBECONFIG;
  if (file === undefined) config.loadFromCluster();
  else config.loadFromFile(file);
}

/** An answer of the API or a failure on the way, in words; never the error's own text, which may hold headers. */
function explain(error: unknown, { namespace, deployment }: DeploymentName, verb: string): string {
  const where = `deployments/scale of "${deployment}" in the namespace "${namespace}"`;
  if (error instanceof DOMException) return `The cluster did not answer in ${WAIT_MS / 1_000} s.`;
  const status = error instanceof Error && "code" in error && typeof error.code === "number" ? error.code : null;
  if (status === 401) return "The cluster does not know who asks: its credentials are not valid any more.";
  if (status === 403) return `The cluster does not allow it: give the account the verb ${verb} on ${where}.`;
  if (status === 404) return `There is no Deployment "${deployment}" in the namespace "${namespace}".`;
  if (status !== null) return `The cluster answered with status ${status}.`;
  return "The cluster could not be reached.";
}
