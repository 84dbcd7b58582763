import { describe, expect, it } from "vitest";
import { factsOf } from "./event-facts.ts";

describe("factsOf", () => {
  it("reads who, what, from where, with what result and on what", () => {
    const facts = factsOf(
      JSON.stringify({
        eventName: "RunInstances",
        serviceName: "Ecs",
        userIdentity: {
          type: "assumed-role",
          userName: "deploy:session-1",
          sessionContext: { attributes: { mfaAuthenticated: "true" } },
        },
        sourceIpAddress: "192.0.2.7",
        errorCode: "Forbidden.RAM",
        errorMessage: "not authorized",
        resourceType: "ACS::ECS::Instance;ACS::VPC::VPC",
        resourceName: "i-1;vpc-1",
      }),
    );
    expect(facts).toMatchObject({
      eventName: { value: "RunInstances", condition: { key: "EventName", value: "RunInstances" } },
      userName: { condition: { key: "User", value: "deploy:session-1" } },
      roleName: { condition: { key: "RoleName", value: "deploy" } },
      mfa: true,
      error: { code: "Forbidden.RAM", message: "not authorized" },
      resources: [
        { type: "ACS::ECS::Instance", name: "i-1" },
        { type: "ACS::VPC::VPC", name: "vpc-1" },
      ],
    });
  });

  it.each(["{}", "null", "[]", "7", "not JSON", '{"userIdentity":"alice","resourceName":7,"errorCode":""}'])(
    "says nothing of what %s does not say",
    (body) => {
      expect(factsOf(body)).toMatchObject({
        eventName: null,
        userName: null,
        roleName: null,
        error: null,
        resources: [],
      });
    },
  );
});
