import type { RamAction } from "@/domain/access/action.ts";
import type { Role } from "@/domain/access/role.ts";
import type { RpcAction } from "@/domain/rpc/calls.ts";

/**
 * Who may use something of the console: anybody, whoever is signed in, or who has at least this role in the account. Where a second factor is
 * required, who has none may use what is for anybody, and SET_UP_PAGE.
 */
export type Access = "anyone" | "signed-in" | Role;

/**
 * The written policy: everything in the console that can be asked for, and who may. A page is named by its file; a route by its file and
 * method; an action by its file and name. Pages that anybody signed in may open say on them what their role does not allow.
 */
export const ACCESS_POLICY: Readonly<Record<string, Access>> = {
  "app/page.tsx": "anyone",
  "app/sign-in/page.tsx": "anyone",
  "app/forgot-password/page.tsx": "anyone",
  "app/invitation/page.tsx": "anyone",
  "app/reset-password/page.tsx": "anyone",
  "app/authenticator/page.tsx": "signed-in",
  "app/(console)/security/page.tsx": "signed-in",
  "app/(console)/people/page.tsx": "admin",
  "app/(console)/access-keys/page.tsx": "admin",
  "app/(console)/trails/(list)/page.tsx": "viewer",
  "app/(console)/trails/[name]/page.tsx": "viewer",
  "app/(console)/jobs/(list)/page.tsx": "viewer",
  "app/(console)/jobs/[id]/page.tsx": "viewer",
  "app/(console)/events/page.tsx": "viewer",
  "app/(console)/destinations/(list)/page.tsx": "viewer",
  "app/(console)/destinations/[region]/[project]/[logstore]/page.tsx": "viewer",
  "app/(console)/audit/page.tsx": "admin",
  "app/(console)/api-explorer/page.tsx": "viewer",

  "app/api/auth/[...all]/route.ts#GET": "anyone",
  "app/api/auth/[...all]/route.ts#POST": "anyone",
  "app/(console)/audit/export/route.ts#GET": "admin",
  "app/(console)/destinations/[region]/[project]/[logstore]/export/route.ts#GET": "viewer",
  "app/(console)/events/data/route.ts#GET": "viewer",
  "app/(console)/events/download/route.ts#GET": "viewer",
  "app/(console)/events/histogram/route.ts#GET": "viewer",
  "app/(console)/events/one/file/route.ts#GET": "viewer",
  "app/(console)/events/one/route.ts#GET": "viewer",
  "app/(console)/jobs/[id]/data/route.ts#GET": "viewer",
  "app/(console)/jobs/[id]/rate/route.ts#GET": "viewer",
  "app/(console)/jobs/[id]/report/route.ts#GET": "viewer",
  "app/(console)/jobs/[id]/undeliverable/route.ts#GET": "viewer",
  "app/(console)/jobs/[id]/verification/route.ts#GET": "viewer",
  "app/(console)/jobs/data/route.ts#GET": "viewer",
  "app/(console)/jobs/list/route.ts#GET": "viewer",
  "app/(console)/slot/data/route.ts#GET": "viewer",
  "app/(console)/trails/[name]/preview/route.ts#GET": "viewer",

  "app/(console)/trails/actions.ts#redeliverHistoryAction": "operator",
  "app/(console)/trails/actions.ts#createTrailAction": "admin",
  "app/(console)/trails/actions.ts#updateTrailAction": "admin",
  "app/(console)/trails/actions.ts#startLoggingAction": "admin",
  "app/(console)/trails/actions.ts#stopLoggingAction": "admin",
  "app/(console)/trails/actions.ts#deleteTrailAction": "admin",
  "app/(console)/jobs/actions.ts#pauseHistoryJobAction": "operator",
  "app/(console)/jobs/actions.ts#resumeHistoryJobAction": "operator",
  "app/(console)/jobs/actions.ts#cancelHistoryJobAction": "operator",
  "app/(console)/jobs/actions.ts#retryHistoryJobAction": "operator",
  "app/(console)/jobs/actions.ts#limitHistoryJobAction": "operator",
  "app/(console)/jobs/actions.ts#deleteHistoryJobAction": "operator",
  "app/(console)/jobs/actions.ts#verifyHistoryJobAction": "viewer",
  "app/(console)/destinations/actions.ts#createLogProjectAction": "admin",
  "app/(console)/destinations/actions.ts#updateLogProjectAction": "admin",
  "app/(console)/destinations/actions.ts#deleteLogProjectAction": "admin",
  "app/(console)/destinations/actions.ts#testLogProjectAction": "admin",
  "app/(console)/api-explorer/actions.ts#callApiAction": "viewer",
  "app/(console)/people/actions.ts#createInvitationAction": "admin",
  "app/(console)/people/actions.ts#deleteInvitationAction": "admin",
  "app/(console)/people/actions.ts#updateMemberAction": "admin",
  "app/(console)/people/actions.ts#disableMemberAction": "admin",
  "app/(console)/people/actions.ts#enableMemberAction": "admin",
  "app/(console)/people/actions.ts#deleteMemberAction": "admin",
  "app/(console)/people/actions.ts#endMemberSessionsAction": "admin",
  "app/(console)/people/actions.ts#endMemberSessionAction": "admin",
  "app/(console)/people/actions.ts#createPasswordResetAction": "admin",
  "app/(console)/people/actions.ts#removeMemberTwoFactorAction": "admin",
  "app/(console)/access-keys/actions.ts#createAccessKeyAction": "admin",
  "app/(console)/access-keys/actions.ts#rotateAccessKeyAction": "admin",
  "app/(console)/access-keys/actions.ts#updateAccessKeyAction": "admin",
  "app/(console)/access-keys/actions.ts#disableAccessKeyAction": "admin",
  "app/(console)/access-keys/actions.ts#enableAccessKeyAction": "admin",
  "app/(console)/access-keys/actions.ts#deleteAccessKeyAction": "admin",
  "app/(console)/security/actions.ts#changePasswordAction": "signed-in",
  "app/(console)/security/actions.ts#endSessionAction": "signed-in",
  "app/(console)/security/actions.ts#endOtherSessionsAction": "signed-in",
  "app/(console)/actions.ts#confirmIdentityAction": "signed-in",
  "app/(console)/actions.ts#switchAccountAction": "signed-in",
  "app/invitation/actions.ts#joinAction": "signed-in",
};

/** Where who has yet to set up a second factor is led. */
export const SET_UP_PAGE = "app/authenticator/page.tsx";

/** What the console's process answers by itself (web/main.ts), to whichever page it is that asks. */
export const PROCESS_POLICY: Readonly<Record<string, Access>> = {
  "POST /csp-reports": "anyone",
  "GET /healthz": "anyone",
  "GET /readyz": "anyone",
};

/**
 * The endpoints of better-auth, below app/api/auth, that are open at all. Two of those for who is signed in are also for who has shown the
 * password and is asked for the second factor.
 */
export const AUTH_POLICY: Readonly<Record<string, Access>> = {
  "POST /sign-in/email": "anyone",
  "POST /sign-in/social": "anyone",
  "GET /callback/:id": "anyone",
  "POST /sign-out": "anyone",
  "POST /people/open-link": "anyone",
  "POST /people/accept-invitation": "anyone",
  "POST /people/reset-password": "anyone",
  "POST /people/request-password-reset": "anyone",
  "POST /two-factor/verify-totp": "signed-in",
  "POST /two-factor/verify-backup-code": "signed-in",
  "POST /two-factor/enable": "signed-in",
  "POST /two-factor/disable": "signed-in",
  "POST /two-factor/generate-backup-codes": "signed-in",
};

/**
 * The same for the calls of the vendor's API: the least role whose policy allows them, to a key that carries it and to a person at the API
 * explorer; "signed" is for every key that is not switched off, and for every member.
 */
export const CALL_POLICY: Readonly<Record<RpcAction, "signed" | Role>> = {
  CreateTrail: "admin",
  UpdateTrail: "admin",
  DeleteTrail: "admin",
  DescribeTrails: "viewer",
  GetTrailStatus: "viewer",
  StartLogging: "admin",
  StopLogging: "admin",
  LookupEvents: "viewer",
  DescribeRegions: "signed",
  CreateDeliveryHistoryJob: "operator",
  GetDeliveryHistoryJob: "viewer",
  ListDeliveryHistoryJobs: "viewer",
  DeleteDeliveryHistoryJob: "operator",
  GetGlobalEventsStorageRegion: "viewer",
  UpdateGlobalEventsStorageRegion: "admin",
  DescribeUserTrailCount: "viewer",
  DescribeUserLogCount: "viewer",
  PutEvents: "admin",
};

type LogServiceAction = Extract<RamAction, `log:${string}`>;

/** And for the calls of the built-in log service, by method and path; behind a question mark, the parameter that makes it another call. */
export const LOG_SERVICE_POLICY: Readonly<Record<string, { readonly action: LogServiceAction; readonly least: Role }>> =
  {
    "GET /logstores": { action: "log:ListLogStores", least: "viewer" },
    "POST /logstores": { action: "log:CreateLogStore", least: "admin" },
    "GET /logstores/:logstore": { action: "log:GetLogStore", least: "viewer" },
    "GET /logstores/:logstore?type": { action: "log:GetLogStoreLogs", least: "viewer" },
    "POST /logstores/:logstore/logs": { action: "log:GetLogStoreLogs", least: "viewer" },
    "POST /logstores/:logstore/shards/lb": { action: "log:PostLogStoreLogs", least: "admin" },
    "POST /logstores/:logstore/shards/route": { action: "log:PostLogStoreLogs", least: "admin" },
  };
