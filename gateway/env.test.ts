import { describe, expect, it } from "vitest";
import { parseGatewayEnv } from "./env.ts";

const control = { TURNPIKE_CONTROL_URL: "http://127.0.0.1:3000" };
const files = { GATEWAY_TLS_CERT: "cert.pem", GATEWAY_TLS_KEY: "key.pem" };

describe("the node's environment", () => {
  it("takes any address once there is TLS, but for the status port", () => {
    expect(() => parseGatewayEnv({ ...control, HOST: "0.0.0.0" })).toThrow(/HOST is not a loopback.*GATEWAY_TLS_CERT/);
    const env = parseGatewayEnv({ ...control, ...files, HOST: "0.0.0.0", GATEWAY_HTTP_REDIRECT_PORT: "8081" });
    expect(env.tls).toMatchObject({ clientCaFile: null, clientCertificates: "required", redirectPort: 8_081 });
    expect(env.tls?.certFile).toMatch(/^\/.*cert\.pem$/);
    expect(() => parseGatewayEnv({ ...control, ...files, GATEWAY_STATUS_HOST: "0.0.0.0" })).toThrow(
      /GATEWAY_STATUS_HOST/,
    );
  });

  it("says all that belongs together and is not", () => {
    expect(() => parseGatewayEnv({ ...control, GATEWAY_TLS_CERT: "cert.pem" })).toThrow(/belong together/);
    expect(() =>
      parseGatewayEnv({ ...control, GATEWAY_TLS_CLIENT_CA: "ca.pem", GATEWAY_HTTP_REDIRECT_PORT: "80" }),
    ).toThrow(/GATEWAY_TLS_CLIENT_CA needs[\s\S]*GATEWAY_HTTP_REDIRECT_PORT needs/);
    expect(() => parseGatewayEnv({ ...control, TURNPIKE_TRUSTED_PROXIES: "10.0.0.0/99" })).toThrow(/TRUSTED_PROXIES/);
    expect(parseGatewayEnv({ ...control, TURNPIKE_TRUSTED_PROXIES: "10.0.0.0/8" }).trustedProxies).toBeDefined();
    expect(parseGatewayEnv(control)).toMatchObject({ tls: undefined, trustedProxies: undefined });
  });

  it("supervises nodes where more than one may run, and knows its own supervisor", () => {
    expect(parseGatewayEnv(control)).toMatchObject({ nodesMax: 1, supervisor: undefined, hasCompany: false });
    expect(parseGatewayEnv({ ...control, GATEWAY_NODES: "3" }).nodesMax).toBe(3);
    expect(parseGatewayEnv({ ...control, GATEWAY_NODES_MAX: "8" })).toMatchObject({ GATEWAY_NODES: 1, nodesMax: 8 });
    expect(() => parseGatewayEnv({ ...control, GATEWAY_NODES: "3", GATEWAY_NODES_MAX: "2" })).toThrow(
      /must not be less/,
    );
    const id = "0b0e6c9e-0000-4000-8000-000000000001";
    const under = (text: string) => parseGatewayEnv({ ...control, TURNPIKE_SUPERVISOR: text });
    expect(under(`${id}:8`)).toMatchObject({ supervisor: { id, nodesMax: 8 }, hasCompany: true });
    expect(under(`${id}:8:alone`)).toMatchObject({ supervisor: { id, nodesMax: 8 }, hasCompany: false });
    expect(() => under("me")).toThrow(/TURNPIKE_SUPERVISOR/);
  });
});
