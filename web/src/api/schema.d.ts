// Generated from functions/api/openapi.json by `npm run types`. Do not edit.

export interface paths {
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the program answers and can record everything */
        get: operations["get_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Recorded events, the newest first */
        get: operations["list_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/directory/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Accounts */
        get: operations["list_accounts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/directory/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Groups */
        get: operations["list_groups"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/directory/permission-sets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Permission sets */
        get: operations["list_permission_sets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/directory/units": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Organizational units */
        get: operations["list_units"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/directory/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Users */
        get: operations["list_users"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/eligibility": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What may I ask for */
        get: operations["list_eligibility"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/eligibility/verdict": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What would come of a request */
        get: operations["get_verdict"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who am I */
        get: operations["get_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/slack-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Link my Slack account
         * @description Whoever gives the code in Slack acts there as the caller, so it is shown to nobody else. It is good for one account,
         *     and for ten minutes.
         */
        post: operations["link_slack"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/slack-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My linked Slack accounts, the newest first */
        get: operations["list_my_slack_links"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/me/slack-links/{workspace}/{account}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Unlink one of my Slack accounts
         * @description From then on it does not speak for the caller. Doing it again changes nothing.
         */
        delete: operations["unlink_my_slack"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies/approvers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All approver policies */
        get: operations["list_approver_policies"];
        put?: never;
        /** Create one */
        post: operations["create_approver_policy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies/approvers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One of them */
        get: operations["get_approver_policy"];
        /** Replace one */
        put: operations["change_approver_policy"];
        post?: never;
        /** Delete one */
        delete: operations["delete_approver_policy"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies/eligibility": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All eligibility policies */
        get: operations["list_eligibility_policies"];
        put?: never;
        /** Create one */
        post: operations["create_eligibility_policy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies/eligibility/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One of them */
        get: operations["get_eligibility_policy"];
        /** Replace one */
        put: operations["change_eligibility_policy"];
        post?: never;
        /** Delete one */
        delete: operations["delete_eligibility_policy"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies/findings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is worth knowing about the policies */
        get: operations["list_policy_findings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies/guardrails": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All guardrails */
        get: operations["list_guardrails"];
        put?: never;
        /** Create one */
        post: operations["create_guardrail"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies/guardrails/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One of them */
        get: operations["get_guardrail"];
        /** Replace one */
        put: operations["change_guardrail"];
        post?: never;
        /** Delete one */
        delete: operations["delete_guardrail"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies/try": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a change out
         * @description Nothing is changed and nothing recorded. A policy that could not be saved is refused as saving it
         *     would be.
         */
        post: operations["try_policies"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Requests, the newest first */
        get: operations["list_requests"];
        put?: never;
        /**
         * Ask for access
         * @description What was made under an `Idempotency-Key` is answered with again for seven days, and never made twice; what was
         *     refused is tried again by a repeat with the same key and body. Keys are each caller's own.
         */
        post: operations["submit_request"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/requests/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One request */
        get: operations["get_request"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/requests/{id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Approve a request */
        post: operations["approve_request"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/requests/{id}/deny": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Deny a request: one is enough */
        post: operations["deny_request"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/requests/{id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End access early */
        post: operations["revoke_request"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/requests/{id}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a request back before access begins */
        post: operations["withdraw_request"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The settings */
        get: operations["get_settings"];
        /** Replace the settings */
        put: operations["change_settings"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/slack-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Everybody's linked Slack accounts, by user id */
        get: operations["list_slack_links"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/slack-links/{user}/{workspace}/{account}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Unlink somebody's Slack account
         * @description For administrators: somebody who lost a device or left. Doing it again changes nothing.
         */
        delete: operations["unlink_slack"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description Whether an account can be used.
         * @enum {string}
         */
        AccountStatus: "active" | "suspended" | "closed";
        /** @description An account and where it lies. */
        AccountView: {
            /** @example 111122223333 */
            id: string;
            /** @example payments-production */
            name: string;
            status: components["schemas"]["AccountStatus"];
            /** @description The organization's management account. */
            management: boolean;
            /** @description The units above it, the root first. */
            path: components["schemas"]["UnitView"][];
        };
        /** @description Who did something: a person, or the system with a reason. */
        Actor: {
            id: string;
            display_name: string;
            /** @enum {string} */
            type: "user";
        } | {
            reason: components["schemas"]["SystemReason"];
            /** @enum {string} */
            type: "system";
        };
        /**
         * @description What made a request approved.
         * @enum {string}
         */
        ApprovedBy: "policy" | "reviewers";
        /**
         * @description Asks for reviews of requests for its permission sets on its targets. The closest policy decides;
         *     those marked *in addition* apply besides it.
         */
        ApproverPolicy: {
            /** @example payments-leads */
            id: string;
            /** @example Payments leads */
            name: string;
            enabled: boolean;
            targets: components["schemas"]["Targets"];
            permission_sets: components["schemas"]["PermissionSets"];
            /** @description All of them must be met, and nobody counts twice. */
            requirements: components["schemas"]["ApproverRequirement"][];
            /** @description Who is told of a request. */
            notify?: components["schemas"]["People"];
            in_addition?: boolean;
            /**
             * @description The Slack channel in which its requests are reviewed, by id or name; the one of the settings if it
             *     names none.
             * @example C0123456789
             */
            slack_channel?: string | null;
            /** @description Its reviewers approve in the portal only, not in Slack. */
            portal_only?: boolean;
        };
        /** @description So many of these people must approve. */
        ApproverRequirement: {
            reviewers: components["schemas"]["People"];
            /** Format: int32 */
            quorum: number;
        };
        /** @description Permission sets, by ARN. */
        Arns: string[];
        /**
         * Format: date-time
         * @description An instant that a client sends: RFC 3339, in the years 1970 to 9999, so that no arithmetic on it
         *     can leave the calendar.
         * @example 2026-11-22T04:00:00Z
         */
        At: string;
        /** @description One recorded fact. */
        AuditEntry: {
            /** @example policies */
            stream: string;
            /**
             * Format: int64
             * @description The place in the stream, from 1.
             */
            sequence: number;
            /** Format: date-time */
            at: string;
            actor: components["schemas"]["RecordedActor"];
            cause: components["schemas"]["Cause"];
            /** @description Events of one append were recorded together or not at all. */
            append: string;
            /** @example policy-changed */
            kind: string;
            /**
             * Format: int32
             * @description The version of the kind's data.
             */
            version: number;
            data: Record<string, never>;
            /** @description The SHA-256 of the stored bytes of the event before it in its stream. */
            previous: string;
        };
        /** @description A recorded fact; or, where it cannot be understood here, its stored bytes. */
        AuditItem: components["schemas"]["AuditEntry"] | components["schemas"]["UnreadableEntry"];
        /**
         * @description Through which door a command came.
         * @enum {string}
         */
        Cause: "api" | "slack" | "advance" | "reconcile" | "operator";
        /**
         * @description A channel for notifications that a deployment may have.
         * @enum {string}
         */
        Channel: "slack" | "sns" | "email";
        /** @description Which channels notifications go to. */
        Channels: {
            slack: boolean;
            sns: boolean;
            email: boolean;
        };
        /** @enum {string} */
        Decision: "approve" | "deny";
        /** @description A group of the identity store. */
        DirectoryGroup: {
            id: string;
            display_name: string;
            members_count: number;
        };
        /** @description A part of a list of the directory. */
        DirectoryPart_AccountView: {
            items: {
                /** @example 111122223333 */
                id: string;
                /** @example payments-production */
                name: string;
                status: components["schemas"]["AccountStatus"];
                /** @description The organization's management account. */
                management: boolean;
                /** @description The units above it, the root first. */
                path: components["schemas"]["UnitView"][];
            }[];
            next: string | null;
            /**
             * Format: date-time
             * @description When the directory was read.
             */
            synced_at: string;
        };
        /** @description A part of a list of the directory. */
        DirectoryPart_DirectoryGroup: {
            items: {
                id: string;
                display_name: string;
                members_count: number;
            }[];
            next: string | null;
            /**
             * Format: date-time
             * @description When the directory was read.
             */
            synced_at: string;
        };
        /** @description A part of a list of the directory. */
        DirectoryPart_DirectoryUnit: {
            items: {
                id: string;
                name: string;
                /** @description The units above it, the root first; empty for the root itself. */
                path: components["schemas"]["UnitView"][];
                /** @description How many accounts lie in it or below. */
                accounts_count: number;
            }[];
            next: string | null;
            /**
             * Format: date-time
             * @description When the directory was read.
             */
            synced_at: string;
        };
        /** @description A part of a list of the directory. */
        DirectoryPart_DirectoryUser: {
            items: {
                id: string;
                display_name: string;
                user_name: string;
                email?: string | null;
                enabled: boolean;
            }[];
            next: string | null;
            /**
             * Format: date-time
             * @description When the directory was read.
             */
            synced_at: string;
        };
        /** @description A part of a list of the directory. */
        DirectoryPart_PermissionSetView: {
            items: {
                /** @example arn:aws:sso:::permissionSet/ssoins-7223/ps-a1b2 */
                arn: string;
                /** @example AdministratorAccess */
                name: string;
                description: string;
                /**
                 * Format: int32
                 * @description How long a session opened with it may last.
                 */
                session_duration_minutes: number;
            }[];
            next: string | null;
            /**
             * Format: date-time
             * @description When the directory was read.
             */
            synced_at: string;
        };
        /** @description An organizational unit and where it lies. */
        DirectoryUnit: {
            id: string;
            name: string;
            /** @description The units above it, the root first; empty for the root itself. */
            path: components["schemas"]["UnitView"][];
            /** @description How many accounts lie in it or below. */
            accounts_count: number;
        };
        /** @description A user of the identity store. */
        DirectoryUser: {
            id: string;
            display_name: string;
            user_name: string;
            email: string | null;
            enabled: boolean;
        };
        /**
         * @description What a guardrail does to the requests in its scope: `"forbid"`, `"require-approval"` or
         *     `{"cap": {"minutes": 60}}`.
         */
        Effect: "forbid" | "require-approval" | {
            cap: {
                /** Format: int32 */
                minutes: number;
            };
        };
        /** @description What the caller may ask for. */
        EligibilityList: {
            items: components["schemas"]["EligibleAccount"][];
            next: string | null;
            settings: components["schemas"]["FormSettings"];
            /** Format: date-time */
            directory_synced_at: string;
        };
        /** @description Lets its principals request its permission sets on its targets for at most its duration. */
        EligibilityPolicy: {
            /** @example developers-sandbox */
            id: string;
            /** @example Developers in sandbox accounts */
            name: string;
            enabled: boolean;
            principals: components["schemas"]["Principals"];
            targets: components["schemas"]["Targets"];
            permission_sets: components["schemas"]["PermissionSets"];
            /**
             * Format: int32
             * @description The longest grant it allows, before guardrails and the setting.
             */
            max_duration_minutes: number;
            approval_required: boolean;
            ticket_required: boolean;
            /** @description Shown in the request form. */
            note?: string | null;
        };
        /** @description An account and what may be asked for on it. */
        EligibleAccount: {
            account: components["schemas"]["AccountView"];
            permission_sets: components["schemas"]["OfferView"][];
        };
        /** @description Why a grant ends. */
        EndCause: {
            /** @enum {string} */
            kind: "expired";
        } | {
            by: components["schemas"]["Person"];
            comment: string | null;
            /** @enum {string} */
            kind: "revoked";
        } | {
            code: string;
            detail: string | null;
            /** @enum {string} */
            kind: "activation-failed";
        } | {
            /** @enum {string} */
            kind: "removed-out-of-band";
        } | {
            /** @enum {string} */
            kind: "requester-disabled";
        } | {
            /** @enum {string} */
            kind: "drained";
        };
        /** @description How the end of access is known. */
        Evidence: {
            /** Format: date-time */
            at: string;
            /** @enum {string} */
            kind: "observed-gone";
        } | {
            /** @enum {string} */
            kind: "held-by-another";
        } | {
            /** @enum {string} */
            kind: "pre-existing";
        } | {
            proof: components["schemas"]["ProvenAbsence"];
            /** @enum {string} */
            kind: "proven-absent";
        };
        /**
         * @description *error*: requests that should be possible are refused. *warning*: a part of the policy has no effect.
         *     *info*: it may well be meant so.
         * @enum {string}
         */
        FindingSeverity: "error" | "warning" | "info";
        /** @description What the settings ask of every request. */
        FormSettings: {
            justification_required: boolean;
            ticket_required: boolean;
            /** Format: int32 */
            maximum_duration_minutes: number;
        };
        /** @description Restricts every request in its scope; each part of the scope is *all* unless said otherwise. */
        Guardrail: {
            /** @example production-needs-approval */
            id: string;
            /** @example Production needs approval */
            name: string;
            enabled: boolean;
            principals?: components["schemas"]["Principals"];
            targets?: components["schemas"]["Targets"];
            permission_sets?: components["schemas"]["PermissionSets"];
            effect: components["schemas"]["Effect"];
        };
        /** @description What happened. */
        Happening: {
            data: {
                /** Format: int32 */
                duration_minutes: number;
                /** Format: date-time */
                start: string | null;
                /** Format: date-time */
                lapses_at: string;
            };
            /** @enum {string} */
            kind: "requested";
        } | {
            data: {
                reviewer: components["schemas"]["Person"];
                decision: components["schemas"]["Decision"];
                comment: string | null;
            };
            /** @enum {string} */
            kind: "reviewed";
        } | {
            data: {
                approval: components["schemas"]["TimelineApproval"];
            };
            /** @enum {string} */
            kind: "approved";
        } | {
            data: {
                /** Format: date-time */
                starts_at: string;
                /** Format: date-time */
                expires_at: string;
                /**
                 * Format: date-time
                 * @description If it is not observed by then, it fails.
                 */
                deadline: string;
                joined_window: components["schemas"]["Window"] | null;
                /** Format: date-time */
                open_sessions_until: string;
            };
            /** @enum {string} */
            kind: "activation-started";
        } | {
            data: Record<string, never>;
            /** @enum {string} */
            kind: "activated";
        } | {
            data: Record<string, never>;
            /** @enum {string} */
            kind: "expiry-warned";
        } | {
            data: {
                by: components["schemas"]["Person"];
                comment: string | null;
            };
            /** @enum {string} */
            kind: "revocation-requested";
        } | {
            data: {
                cause: components["schemas"]["EndCause"];
            };
            /** @enum {string} */
            kind: "end-started";
        } | {
            data: {
                reason: components["schemas"]["Reason"];
            };
            /** @enum {string} */
            kind: "end-blocked";
        } | {
            data: Record<string, never>;
            /** @enum {string} */
            kind: "removal-overdue";
        } | {
            data: {
                outcome: components["schemas"]["RequestOutcome"];
                reason: components["schemas"]["Reason"] | null;
                evidence: components["schemas"]["Evidence"] | null;
                /** @description Whether the access goes on although the request is closed. */
                access_stays: boolean;
                /** Format: date-time */
                open_sessions_until: string | null;
            };
            /** @enum {string} */
            kind: "closed";
        };
        /** @description That this program answers, and that everything can be recorded. */
        Health: {
            /** @example ok */
            status: string;
        };
        /** @description A Slack account, and for whom it speaks. */
        LinkedSlackAccount: {
            user: components["schemas"]["Person"];
            account: components["schemas"]["SlackAccount"];
        };
        /** @description A part of a list. */
        Listing_AuditItem: {
            items: (components["schemas"]["AuditEntry"] | components["schemas"]["UnreadableEntry"])[];
            /** @description The cursor at which the next part begins; `null` at the end. */
            next: string | null;
        };
        /** @description A part of a list. */
        Listing_LinkedSlackAccount: {
            items: {
                user: components["schemas"]["Person"];
                account: components["schemas"]["SlackAccount"];
            }[];
            /** @description The cursor at which the next part begins; `null` at the end. */
            next: string | null;
        };
        /** @description A part of a list. */
        Listing_RequestView: {
            items: {
                /** @example 0b8f4c1e-5c0e-8a53-9d1b-3f1f2a6f7c11 */
                id: string;
                /** @description Shared by requests that were submitted together. */
                batch?: string | null;
                requester: components["schemas"]["Person"];
                account: components["schemas"]["AccountView"];
                permission_set: components["schemas"]["PermissionSetView"];
                state: components["schemas"]["RequestState"];
                outcome?: components["schemas"]["RequestOutcome"] | null;
                reason?: components["schemas"]["Reason"] | null;
                evidence?: components["schemas"]["Evidence"] | null;
                /** @description Whether the access goes on although the request is closed. */
                access_stays: boolean;
                /**
                 * @description Why the policies of now would not let it begin, from approved to active; nothing ends by that.
                 *     Only for administrators and auditors.
                 */
                no_longer_allowed: components["schemas"]["Reason"][];
                /**
                 * Format: date-time
                 * @description When access shall begin; `null`: as soon as it is approved.
                 */
                start?: string | null;
                /**
                 * Format: int32
                 * @example 60
                 */
                duration_minutes: number;
                justification?: string | null;
                ticket?: string | null;
                /** Format: date-time */
                submitted_at: string;
                /**
                 * Format: date-time
                 * @description If nobody reviewed it by then, it lapses.
                 */
                lapses_at: string;
                /** Format: date-time */
                approved_at?: string | null;
                window?: components["schemas"]["Window"] | null;
                /**
                 * Format: date-time
                 * @description Until when access would be granted if it began now, or at its start if that is later; only until
                 *     activation starts.
                 */
                expires_at_if_now?: string | null;
                joined_window?: components["schemas"]["Window"] | null;
                /**
                 * Format: date-time
                 * @description Until when an open session may last; until activation, what it would be if it began now. `null`
                 *     also where the access stays although the request is closed, so that new sessions can be opened.
                 */
                open_sessions_until?: string | null;
                /**
                 * Format: date-time
                 * @description When the access was observed in Identity Center.
                 */
                activated_at?: string | null;
                /**
                 * Format: date-time
                 * @description When its removal began.
                 */
                ended_at?: string | null;
                /** Format: date-time */
                closed_at?: string | null;
                approval?: components["schemas"]["ApprovedBy"] | null;
                requirements: components["schemas"]["Requirement"][];
                reviews: components["schemas"]["Review"][];
                removal?: components["schemas"]["Removal"] | null;
                /** @description What the caller may do now. */
                actions: components["schemas"]["RequestAction"][];
                /** @description Whether it waits for the caller's approval, and not only for that of others. */
                waits_for_caller: boolean;
                /** @description Where the console opens; only while active, and only for the requester. */
                console_url?: string | null;
            }[];
            /** @description The cursor at which the next part begins; `null` at the end. */
            next: string | null;
        };
        /** @description A part of a list. */
        Listing_SlackAccount: {
            items: {
                /** @example T024BE7LD */
                workspace: string;
                /**
                 * @description The member id.
                 * @example U023BECGF
                 */
                id: string;
                /** @description What it was called in Slack when it was linked, where that is known. People choose it themselves. */
                name?: string | null;
                /** Format: date-time */
                linked_at: string;
            }[];
            /** @description The cursor at which the next part begins; `null` at the end. */
            next: string | null;
        };
        /** @description The caller, and what a page needs to begin. */
        Me: {
            user: components["schemas"]["MyUser"];
            roles: components["schemas"]["Role"][];
            /**
             * @description How many requests wait for the caller's approval, and not only for that of others; of at most 200 that
             *     the caller may review.
             */
            to_review: number;
            /**
             * Format: date-time
             * @description Kari's own time, by which everything is judged.
             */
            now: string;
            /**
             * Format: date-time
             * @description What lists and explanations show is as of this instant.
             */
            directory_synced_at: string;
            /** @description The AWS access portal, where it is known. */
            access_portal_url: string | null;
            /**
             * @description The Region of Identity Center, where it is known; the AWS CLI asks for it.
             * @example ap-northeast-1
             */
            region: string | null;
            /** @description The channels that exist here; turning on any other in the settings has no effect. */
            channels: components["schemas"]["Channel"][];
        };
        /** @description The caller's own data. */
        MyUser: {
            id: string;
            display_name: string;
            user_name: string;
            email: string | null;
        };
        /** @description An empty object. */
        Nothing: Record<string, never>;
        /** @description On which terms a permission set may be asked for. */
        OfferView: {
            arn: string;
            name: string;
            description: string;
            /** Format: int32 */
            session_duration_minutes: number;
            /** Format: int32 */
            max_duration_minutes: number;
            /**
             * Format: int32
             * @description The longest that may be had without approval, if any.
             */
            max_duration_without_approval_minutes: number | null;
            /** @description From the shortest to the longest durations; each holds for what is longer than the one before it allows. */
            terms: components["schemas"]["TermView"][];
            /** @description Notes of the deciding policies. */
            notes: string[];
        };
        /** @description People named one by one or by group. */
        People: {
            users?: string[];
            groups?: string[];
        };
        /** @description A permission set. */
        PermissionSetView: {
            /** @example arn:aws:sso:::permissionSet/ssoins-7223/ps-a1b2 */
            arn: string;
            /** @example AdministratorAccess */
            name: string;
            description: string;
            /**
             * Format: int32
             * @description How long a session opened with it may last.
             */
            session_duration_minutes: number;
        };
        /** @description Which permission sets a policy is for: `"all"` or `{"these": [...]}`. */
        PermissionSets: "all" | {
            these: components["schemas"]["Arns"];
        };
        /** @description A person, by the name they have now. */
        Person: {
            /**
             * @description The identity-store user id.
             * @example 90676d1234-hanako
             */
            id: string;
            /** @example 山田 花子 */
            display_name: string;
            /** @example hanako */
            user_name: string;
        };
        /** @description Policies of one kind by their ids: all of them, or as many as fit into one answer. */
        Policies_ApproverPolicy: {
            /**
             * Format: int64
             * @description The version of the whole policy set.
             */
            version: number;
            items: components["schemas"]["VersionedPolicy_ApproverPolicy"][];
            /** @description The cursor at which the next part begins; `null` at the end. */
            next: string | null;
        };
        /** @description Policies of one kind by their ids: all of them, or as many as fit into one answer. */
        Policies_EligibilityPolicy: {
            /**
             * Format: int64
             * @description The version of the whole policy set.
             */
            version: number;
            items: components["schemas"]["VersionedPolicy_EligibilityPolicy"][];
            /** @description The cursor at which the next part begins; `null` at the end. */
            next: string | null;
        };
        /** @description Policies of one kind by their ids: all of them, or as many as fit into one answer. */
        Policies_Guardrail: {
            /**
             * Format: int64
             * @description The version of the whole policy set.
             */
            version: number;
            items: components["schemas"]["VersionedPolicy_Guardrail"][];
            /** @description The cursor at which the next part begins; `null` at the end. */
            next: string | null;
        };
        /** @description One thing worth knowing about a policy. */
        PolicyFinding: {
            severity: components["schemas"]["FindingSeverity"];
            kind: components["schemas"]["PolicyKind"];
            policy: components["schemas"]["PolicyRef"];
            what: components["schemas"]["Reason"];
        };
        /** @description Everything found about the policies. */
        PolicyFindings: {
            /** @description What matters most first, then by policy. Empty: nothing is wrong. */
            items: components["schemas"]["PolicyFinding"][];
            /**
             * Format: date-time
             * @description When the directory was read that the policies were held against.
             */
            directory_synced_at: string;
        };
        /**
         * @description A kind of policies, by the name it has in paths.
         * @enum {string}
         */
        PolicyKind: "eligibility" | "approvers" | "guardrails";
        /** @description A policy as it was when it had a say. */
        PolicyRef: {
            /** @example developers-sandbox */
            id: string;
            /** Format: int64 */
            version: number;
            /** @example Developers in sandbox accounts */
            name: string;
        };
        /** @description Whom a policy is for: the union of users, groups and, if so marked, everyone. */
        Principals: {
            everyone?: boolean;
            users?: string[];
            groups?: string[];
        };
        /** @description A problem. Clients go by `code`, which never changes; `detail` says in English what to do. */
        Problem: {
            /**
             * @description `urn:kari:problem:` and the code.
             * @example urn:kari:problem:lapsed
             */
            type: string;
            /**
             * @description The code in words.
             * @example Lapsed
             */
            title: string;
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 409
             */
            status: number;
            /**
             * @description Stable; what programs go by.
             * @example lapsed
             */
            code: string;
            /**
             * @description A sentence that says what to do.
             * @example The request lapsed at 2026-11-22 04:00:00 UTC; it has to be made again.
             */
            detail: string;
            /** @description Every reason, where policies refuse or a policy is refused. */
            reasons?: components["schemas"]["Reason"][];
            /** @description What became of each account, where all of a submission was refused. */
            results?: components["schemas"]["SubmissionResult"][];
        };
        /**
         * @description What was shown not to exist.
         * @enum {string}
         */
        ProvenAbsence: "user" | "permission-set" | "unknown";
        /** @description What somebody could ask for. */
        Reach: {
            /** Format: int32 */
            max_duration_minutes: number;
            /**
             * Format: int32
             * @description The longest that may be had without approval, if any.
             */
            max_duration_without_approval_minutes: number | null;
            /** @description Whether any duration needs a ticket. */
            ticket_required: boolean;
        };
        /**
         * @description Why something is not possible, or ended. Clients go by code and parameters; the sentence is
         *     English.
         */
        Reason: {
            /**
             * @description Stable.
             * @example duration-too-short
             */
            code: string;
            /** @example The duration is too short. Ask for at least 15 minutes. */
            sentence: string;
            /** @description What the sentence speaks of; depends on the code. */
            parameters: Record<string, never>;
        };
        /** @description Who did something, as it was recorded: with the name of that time. */
        RecordedActor: {
            id: string;
            label: string;
            /** @enum {string} */
            type: "user";
        } | {
            reason: components["schemas"]["SystemReason"];
            /**
             * @description What AWS calls the operator, where that is known; of a channel, the account of somebody who is nobody here.
             * @example arn:aws:sts::111122223333:assumed-role/Operators/alice
             */
            label: string | null;
            /** @enum {string} */
            type: "system";
        };
        /** @description What somebody says about what they do. */
        Remark: {
            /**
             * @description 1 to 1,000 characters.
             * @example Seen the incident, go ahead
             */
            comment?: string | null;
        };
        /** @description How a removal fares. */
        Removal: {
            /** Format: date-time */
            started_at: string;
            /** @description It takes longer than it may; people have been alarmed. */
            overdue: boolean;
            blocked: components["schemas"]["Reason"] | null;
        };
        /**
         * @description What the caller may do with a request now.
         * @enum {string}
         */
        RequestAction: "approve" | "deny" | "withdraw" | "revoke";
        /** @description A request with everything that happened to it. */
        RequestDetail: components["schemas"]["RequestView"] & {
            timeline: components["schemas"]["TimelineEntry"][];
        };
        /**
         * @description How a closed request ended.
         * @enum {string}
         */
        RequestOutcome: "denied" | "withdrawn" | "lapsed" | "failed" | "expired" | "revoked";
        /**
         * @description A state of a request's life.
         * @enum {string}
         */
        RequestState: "pending" | "approved" | "activating" | "active" | "ending" | "closed";
        /** @description An access request as the caller sees it. */
        RequestView: {
            /** @example 0b8f4c1e-5c0e-8a53-9d1b-3f1f2a6f7c11 */
            id: string;
            /** @description Shared by requests that were submitted together. */
            batch: string | null;
            requester: components["schemas"]["Person"];
            account: components["schemas"]["AccountView"];
            permission_set: components["schemas"]["PermissionSetView"];
            state: components["schemas"]["RequestState"];
            outcome: components["schemas"]["RequestOutcome"] | null;
            reason: components["schemas"]["Reason"] | null;
            evidence: components["schemas"]["Evidence"] | null;
            /** @description Whether the access goes on although the request is closed. */
            access_stays: boolean;
            /**
             * @description Why the policies of now would not let it begin, from approved to active; nothing ends by that.
             *     Only for administrators and auditors.
             */
            no_longer_allowed: components["schemas"]["Reason"][];
            /**
             * Format: date-time
             * @description When access shall begin; `null`: as soon as it is approved.
             */
            start: string | null;
            /**
             * Format: int32
             * @example 60
             */
            duration_minutes: number;
            justification: string | null;
            ticket: string | null;
            /** Format: date-time */
            submitted_at: string;
            /**
             * Format: date-time
             * @description If nobody reviewed it by then, it lapses.
             */
            lapses_at: string;
            /** Format: date-time */
            approved_at: string | null;
            window: components["schemas"]["Window"] | null;
            /**
             * Format: date-time
             * @description Until when access would be granted if it began now, or at its start if that is later; only until
             *     activation starts.
             */
            expires_at_if_now: string | null;
            joined_window: components["schemas"]["Window"] | null;
            /**
             * Format: date-time
             * @description Until when an open session may last; until activation, what it would be if it began now. `null`
             *     also where the access stays although the request is closed, so that new sessions can be opened.
             */
            open_sessions_until: string | null;
            /**
             * Format: date-time
             * @description When the access was observed in Identity Center.
             */
            activated_at: string | null;
            /**
             * Format: date-time
             * @description When its removal began.
             */
            ended_at: string | null;
            /** Format: date-time */
            closed_at: string | null;
            approval: components["schemas"]["ApprovedBy"] | null;
            requirements: components["schemas"]["Requirement"][];
            reviews: components["schemas"]["Review"][];
            removal: components["schemas"]["Removal"] | null;
            /** @description What the caller may do now. */
            actions: components["schemas"]["RequestAction"][];
            /** @description Whether it waits for the caller's approval, and not only for that of others. */
            waits_for_caller: boolean;
            /** @description Where the console opens; only while active, and only for the requester. */
            console_url: string | null;
        };
        /** @description A requirement, and who has met it so far. */
        Requirement: {
            policy: components["schemas"]["PolicyRef"];
            /**
             * Format: int32
             * @description How many people must approve.
             */
            quorum: number;
            /** @description Whether these people approve in the portal only, not in Slack. */
            portal_only: boolean;
            /** @description Who counts towards it; nobody counts towards another one as well. */
            met_by: components["schemas"]["Person"][];
            /** @description Whether as many have as must. */
            met: boolean;
            /** @description Who else could approve: at most 20 of them. Nobody, once it is no longer pending. */
            reviewers: components["schemas"]["Person"][];
            /** @description How many could. */
            reviewers_count: number;
        };
        /** @description A requirement and who could meet it. */
        RequirementOutlook: {
            policy: components["schemas"]["PolicyRef"];
            /**
             * Format: int32
             * @description How many people must approve.
             */
            quorum: number;
            /** @description At most 20 of those who could. */
            reviewers: components["schemas"]["Person"][];
            /** @description How many could. */
            reviewers_count: number;
        };
        /** @description A reviewer's word. */
        Review: {
            reviewer: components["schemas"]["Person"];
            decision: components["schemas"]["Decision"];
            comment: string | null;
            /** Format: date-time */
            at: string;
        };
        /**
         * @description A role, by groups of the identity store.
         * @enum {string}
         */
        Role: "administrator" | "auditor";
        /** @description What an administrator may set without a deployment. */
        Settings: {
            /** @description Whether anybody may ask for anything. While not, nothing begins, whatever was approved. */
            requests_accepted: boolean;
            /**
             * Format: int32
             * @description No grant may be longer, whatever a policy says.
             * @example 1440
             */
            maximum_duration_minutes: number;
            /**
             * Format: int32
             * @description A pending request lapses this long after its submission.
             * @example 480
             */
            pending_lapses_after_minutes: number;
            justification_required: boolean;
            ticket_required: boolean;
            /**
             * Format: int32
             * @description How long before its end the requester is warned.
             * @example 15
             */
            expiry_warning_minutes: number;
            channels: components["schemas"]["Channels"];
            /** @description The Slack channel that is told of every event. */
            slack_audit_channel?: string | null;
            /** @description The Slack channel in which requests are reviewed whose approver policy names none. */
            slack_channel?: string | null;
            /**
             * @description The language of what stands in Slack channels and in e-mail: `en` or `ja`.
             * @example en
             */
            slack_language?: string;
            /** @description Whether only those may do anything in Slack who linked their Slack account in the portal. */
            slack_linked_only?: boolean;
        };
        /** @description A Slack account that somebody linked. */
        SlackAccount: {
            /** @example T024BE7LD */
            workspace: string;
            /**
             * @description The member id.
             * @example U023BECGF
             */
            id: string;
            /** @description What it was called in Slack when it was linked, where that is known. People choose it themselves. */
            name: string | null;
            /** Format: date-time */
            linked_at: string;
        };
        /** @description A code that links a Slack account to the caller. */
        SlackLink: {
            /**
             * @description To be given in Slack, with `/access link CODE`.
             * @example K7QF-M2XW-9PDA
             */
            code: string;
            /**
             * Format: date-time
             * @description When it is no good any more.
             */
            expires_at: string;
        };
        /** @description What somebody asks for. */
        Submission: {
            /**
             * @description 1 to 50 different accounts; each becomes a request of its own.
             * @example [
             *       "111122223333"
             *     ]
             */
            accounts: string[];
            /** @example arn:aws:sso:::permissionSet/ssoins-7223/ps-a1b2 */
            permission_set: string;
            start?: components["schemas"]["At"] | null;
            /**
             * Format: int32
             * @example 60
             */
            duration_minutes: number;
            /**
             * @description 10 to 1,000 characters in any language.
             * @example 障害対応のため本番の状態を確認します
             */
            justification?: string | null;
            /** @example INC-4711 */
            ticket?: string | null;
        };
        /** @description What became of a submission. */
        SubmissionAnswer: {
            /** @description The id the requests share; `null` where one account was named. */
            batch: string | null;
            /** @description One for each account, in the order given. */
            results: components["schemas"]["SubmissionResult"][];
        };
        /** @description What became of one account's request: either the request or the problem. */
        SubmissionResult: {
            /** @example 111122223333 */
            account: string;
            request: components["schemas"]["RequestView"] | null;
            problem: components["schemas"]["Problem"] | null;
        };
        /**
         * @description Why the system acted without a person.
         * @enum {string}
         */
        SystemReason: "clock" | "policy" | "directory" | "identity-center" | "reconciler" | "revocation" | "channel" | "setup" | "operator";
        /**
         * @description Which accounts a policy is for: the union of all, accounts and units with all their descendants,
         *     without what is excluded.
         */
        Targets: {
            all?: boolean;
            accounts?: string[];
            units?: string[];
            excluded_accounts?: string[];
            excluded_units?: string[];
        };
        /** @description What holds for some durations: policies for longer ones may ask for more. */
        TermView: {
            /** Format: int32 */
            up_to_minutes: number;
            approval_required: boolean;
            ticket_required: boolean;
        };
        /** @description What made it approved. */
        TimelineApproval: {
            by: components["schemas"]["ApprovedBy"];
            /** @description The approvers, where people approved. */
            reviewers: components["schemas"]["Person"][];
        };
        /** @description One event of a request's life. */
        TimelineEntry: components["schemas"]["Happening"] & {
            /**
             * Format: int64
             * @description The place in the request's life, from 1.
             */
            sequence: number;
            /** Format: date-time */
            at: string;
            actor: components["schemas"]["Actor"];
            cause: components["schemas"]["Cause"];
        };
        /** @description Who could ask and who would approve, before and after. */
        Trial: {
            /** @description By difference in the order of `counts`, then by name; at most 200. */
            people: components["schemas"]["TriedView"][];
            counts: components["schemas"]["TrialCounts"];
            /** @description Who must approve where approval is needed, as things are. All of them. */
            requirements_before: components["schemas"]["RequirementOutlook"][];
            /** @description The same, as it would be. */
            requirements_after: components["schemas"]["RequirementOutlook"][];
            /**
             * Format: date-time
             * @description When the directory was read.
             */
            directory_synced_at: string;
        };
        /**
         * @description One change that is only thought of: a policy that is added, or takes the place of the one with its
         *     id, by the name its kind has in paths; or a deletion.
         */
        TrialChange: {
            eligibility: components["schemas"]["EligibilityPolicy"];
        } | {
            approvers: components["schemas"]["ApproverPolicy"];
        } | {
            guardrails: components["schemas"]["Guardrail"];
        } | {
            delete: components["schemas"]["TrialDeletion"];
        };
        /** @description How many people each difference concerns. */
        TrialCounts: {
            gains: number;
            loses: number;
            changes: number;
            keeps: number;
            refused: number;
        };
        /** @description The policy that would be deleted. */
        TrialDeletion: {
            kind: components["schemas"]["PolicyKind"];
            /** @example developers-sandbox */
            id: string;
        };
        /**
         * @description *gains*: could ask, and cannot now. *loses*: the other way round. *changes*: on other terms.
         *     *keeps*: as before. *refused*: named by an eligibility policy, but something stands against it.
         * @enum {string}
         */
        TrialDifference: "gains" | "loses" | "changes" | "keeps" | "refused";
        /** @description What is asked: who could get this permission set on this account, if the policies were changed? */
        TrialQuestion: {
            /** @example 111122223333 */
            account: string;
            /** @example arn:aws:sso:::permissionSet/ssoins-7223/ps-a1b2 */
            permission_set: string;
            change?: components["schemas"]["TrialChange"] | null;
        };
        /** @description What it would be for one person. */
        TriedView: {
            person: components["schemas"]["Person"];
            difference: components["schemas"]["TrialDifference"];
            before: components["schemas"]["Reach"] | null;
            after: components["schemas"]["Reach"] | null;
            /** @description What would stand against asking afterwards, or against asking for longer. */
            reasons: components["schemas"]["Reason"][];
        };
        /** @description An organizational unit. */
        UnitView: {
            /** @example ou-prod */
            id: string;
            /** @example production */
            name: string;
        };
        /** @description What a newer version recorded, or what is damaged. Its place is given as far as it tells it. */
        UnreadableEntry: {
            stream: string;
            /** Format: int64 */
            sequence: number;
            /** Format: date-time */
            at: string | null;
            kind: string;
            /** @description The stored bytes. */
            unreadable: string;
        };
        /**
         * @description What would come of it: what the policies say, or `refused` where something else is in the way.
         * @enum {string}
         */
        VerdictOutcome: "ineligible" | "refused" | "no-approval-needed" | "approval-needed";
        /** @description What would come of it. */
        VerdictView: {
            outcome: components["schemas"]["VerdictOutcome"];
            /** @description Every reason, where it is not possible. */
            reasons: components["schemas"]["Reason"][];
            eligibility: components["schemas"]["PolicyRef"] | null;
            /** Format: int32 */
            max_duration_minutes: number | null;
            /** @description All of them must be met. */
            requirements: components["schemas"]["RequirementOutlook"][];
            /** @description The guardrails that had an effect. */
            guardrails: components["schemas"]["PolicyRef"][];
            /** Format: date-time */
            starts_at: string;
            /** Format: date-time */
            expires_at: string;
            /**
             * Format: date-time
             * @description Until when a session opened just before the end may last.
             */
            open_sessions_until: string;
            joined_window: components["schemas"]["Window"] | null;
        };
        /** @description A policy and the version it has; edits name that version. */
        VersionedPolicy_ApproverPolicy: {
            /**
             * Format: int64
             * @description The policy-set version at which it was last changed.
             */
            version: number;
            /**
             * @description Asks for reviews of requests for its permission sets on its targets. The closest policy decides;
             *     those marked *in addition* apply besides it.
             */
            policy: {
                /** @example payments-leads */
                id: string;
                /** @example Payments leads */
                name: string;
                enabled: boolean;
                targets: components["schemas"]["Targets"];
                permission_sets: components["schemas"]["PermissionSets"];
                /** @description All of them must be met, and nobody counts twice. */
                requirements: components["schemas"]["ApproverRequirement"][];
                /** @description Who is told of a request. */
                notify?: components["schemas"]["People"];
                in_addition?: boolean;
                /**
                 * @description The Slack channel in which its requests are reviewed, by id or name; the one of the settings if it
                 *     names none.
                 * @example C0123456789
                 */
                slack_channel?: string | null;
                /** @description Its reviewers approve in the portal only, not in Slack. */
                portal_only?: boolean;
            };
        };
        /** @description A policy and the version it has; edits name that version. */
        VersionedPolicy_EligibilityPolicy: {
            /**
             * Format: int64
             * @description The policy-set version at which it was last changed.
             */
            version: number;
            /** @description Lets its principals request its permission sets on its targets for at most its duration. */
            policy: {
                /** @example developers-sandbox */
                id: string;
                /** @example Developers in sandbox accounts */
                name: string;
                enabled: boolean;
                principals: components["schemas"]["Principals"];
                targets: components["schemas"]["Targets"];
                permission_sets: components["schemas"]["PermissionSets"];
                /**
                 * Format: int32
                 * @description The longest grant it allows, before guardrails and the setting.
                 */
                max_duration_minutes: number;
                approval_required: boolean;
                ticket_required: boolean;
                /** @description Shown in the request form. */
                note?: string | null;
            };
        };
        /** @description A policy and the version it has; edits name that version. */
        VersionedPolicy_Guardrail: {
            /**
             * Format: int64
             * @description The policy-set version at which it was last changed.
             */
            version: number;
            /** @description Restricts every request in its scope; each part of the scope is *all* unless said otherwise. */
            policy: {
                /** @example production-needs-approval */
                id: string;
                /** @example Production needs approval */
                name: string;
                enabled: boolean;
                principals?: components["schemas"]["Principals"];
                targets?: components["schemas"]["Targets"];
                permission_sets?: components["schemas"]["PermissionSets"];
                effect: components["schemas"]["Effect"];
            };
        };
        /** @description Settings, and the policy-set version at which they were last changed; edits name that version. */
        VersionedSettings: {
            /** Format: int64 */
            version: number;
            settings: components["schemas"]["Settings"];
        };
        /** @description From when until when. */
        Window: {
            /** Format: date-time */
            starts_at: string;
            /** Format: date-time */
            expires_at: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    get_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description Not everything can be recorded */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_audit: {
        parameters: {
            query?: {
                /**
                 * @description A stream, or the beginning of streams' names, for instance `request/`.
                 * @example policies
                 */
                stream?: string;
                /** @description A person's user id. */
                actor?: string;
                /** @example attempt-refused */
                kind?: string;
                /** @description From this instant on. */
                from?: string;
                /** @description Before this instant. */
                to?: string;
                /** @description How many events: 1 to 200. Fewer come where they are very long. */
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_AuditItem"];
                };
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_accounts: {
        parameters: {
            query?: {
                /** @description Words that must occur in names or ids. */
                search?: string;
                limit?: number;
                /** @description Only these ids, separated by commas; at most 200. */
                ids?: string;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DirectoryPart_AccountView"];
                };
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_groups: {
        parameters: {
            query?: {
                /** @description Words that must occur in names or ids. */
                search?: string;
                limit?: number;
                /** @description Only these ids, separated by commas; at most 200. */
                ids?: string;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DirectoryPart_DirectoryGroup"];
                };
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_permission_sets: {
        parameters: {
            query?: {
                /** @description Words that must occur in names or ids. */
                search?: string;
                limit?: number;
                /** @description Only these ids, separated by commas; at most 200. */
                ids?: string;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DirectoryPart_PermissionSetView"];
                };
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_units: {
        parameters: {
            query?: {
                /** @description Words that must occur in names or ids. */
                search?: string;
                limit?: number;
                /** @description Only these ids, separated by commas; at most 200. */
                ids?: string;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DirectoryPart_DirectoryUnit"];
                };
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_users: {
        parameters: {
            query?: {
                /** @description Words that must occur in names or ids. */
                search?: string;
                limit?: number;
                /** @description Only these ids, separated by commas; at most 200. */
                ids?: string;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DirectoryPart_DirectoryUser"];
                };
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_eligibility: {
        parameters: {
            query?: {
                /**
                 * @description Words that must occur in the account's name, its id or the names of its units.
                 * @example payments
                 */
                search?: string;
                /** @description Only this account. */
                account?: string;
                /** @description How many accounts: 1 to 200. Fewer come where very much may be asked for on them. */
                limit?: number;
                /** @description Where the part before ended. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EligibilityList"];
                };
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_verdict: {
        parameters: {
            query: {
                /** @example 111122223333 */
                account: string;
                /** @example arn:aws:sso:::permissionSet/ssoins-7223/ps-a1b2 */
                permission_set: string;
                /** @example 60 */
                duration_minutes: number;
                /** @description When access shall begin; as soon as it is approved if left out. */
                start?: string;
                ticket?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VerdictView"];
                };
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    link_slack: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SlackLink"];
                };
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_my_slack_links: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_SlackAccount"];
                };
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    unlink_my_slack: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workspace: string;
                account: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is not linked to the caller any more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_approver_policies: {
        parameters: {
            query?: {
                /** @description Where the part before ended. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Policies_ApproverPolicy"];
                };
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_approver_policy: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApproverPolicy"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionedPolicy_ApproverPolicy"];
                };
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A policy with this id exists */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Somebody changed it meanwhile */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is longer than 64 KiB, or than 256 KiB with a policy */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The policies, or the rules of a request's life, do not allow it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `If-Match` is missing */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_approver_policy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionedPolicy_ApproverPolicy"];
                };
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_approver_policy: {
        parameters: {
            query?: never;
            header: {
                /** @description The version it was made from, in quotes */
                "If-Match": string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApproverPolicy"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionedPolicy_ApproverPolicy"];
                };
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A policy with this id exists */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Somebody changed it meanwhile */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is longer than 64 KiB, or than 256 KiB with a policy */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The policies, or the rules of a request's life, do not allow it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `If-Match` is missing */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_approver_policy: {
        parameters: {
            query?: never;
            header: {
                /** @description The version it was made from, in quotes */
                "If-Match": string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A policy with this id exists */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Somebody changed it meanwhile */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is longer than 64 KiB, or than 256 KiB with a policy */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The policies, or the rules of a request's life, do not allow it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `If-Match` is missing */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_eligibility_policies: {
        parameters: {
            query?: {
                /** @description Where the part before ended. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Policies_EligibilityPolicy"];
                };
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_eligibility_policy: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EligibilityPolicy"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionedPolicy_EligibilityPolicy"];
                };
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A policy with this id exists */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Somebody changed it meanwhile */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is longer than 64 KiB, or than 256 KiB with a policy */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The policies, or the rules of a request's life, do not allow it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `If-Match` is missing */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_eligibility_policy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionedPolicy_EligibilityPolicy"];
                };
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_eligibility_policy: {
        parameters: {
            query?: never;
            header: {
                /** @description The version it was made from, in quotes */
                "If-Match": string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EligibilityPolicy"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionedPolicy_EligibilityPolicy"];
                };
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A policy with this id exists */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Somebody changed it meanwhile */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is longer than 64 KiB, or than 256 KiB with a policy */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The policies, or the rules of a request's life, do not allow it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `If-Match` is missing */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_eligibility_policy: {
        parameters: {
            query?: never;
            header: {
                /** @description The version it was made from, in quotes */
                "If-Match": string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A policy with this id exists */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Somebody changed it meanwhile */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is longer than 64 KiB, or than 256 KiB with a policy */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The policies, or the rules of a request's life, do not allow it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `If-Match` is missing */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_policy_findings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyFindings"];
                };
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_guardrails: {
        parameters: {
            query?: {
                /** @description Where the part before ended. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Policies_Guardrail"];
                };
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_guardrail: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Guardrail"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionedPolicy_Guardrail"];
                };
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A policy with this id exists */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Somebody changed it meanwhile */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is longer than 64 KiB, or than 256 KiB with a policy */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The policies, or the rules of a request's life, do not allow it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `If-Match` is missing */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_guardrail: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionedPolicy_Guardrail"];
                };
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_guardrail: {
        parameters: {
            query?: never;
            header: {
                /** @description The version it was made from, in quotes */
                "If-Match": string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Guardrail"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionedPolicy_Guardrail"];
                };
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A policy with this id exists */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Somebody changed it meanwhile */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is longer than 64 KiB, or than 256 KiB with a policy */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The policies, or the rules of a request's life, do not allow it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `If-Match` is missing */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_guardrail: {
        parameters: {
            query?: never;
            header: {
                /** @description The version it was made from, in quotes */
                "If-Match": string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A policy with this id exists */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Somebody changed it meanwhile */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is longer than 64 KiB, or than 256 KiB with a policy */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The policies, or the rules of a request's life, do not allow it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `If-Match` is missing */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    try_policies: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TrialQuestion"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Trial"];
                };
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is longer than 64 KiB, or than 256 KiB with a policy */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The policies, or the rules of a request's life, do not allow it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_requests: {
        parameters: {
            query?: {
                scope?: "mine" | "to-review" | "active" | "all";
                /**
                 * @description States, separated by commas. Those to review are pending, and no other can be given with them.
                 * @example pending,approved
                 */
                state?: string;
                account?: string;
                /** @description A requester's user id; not together with `mine`. */
                requester?: string;
                permission_set?: string;
                /** @description With `scope=active`: only the caller's own. */
                mine?: boolean;
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_RequestView"];
                };
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    submit_request: {
        parameters: {
            query?: never;
            header: {
                /** @description Fresh for each thing that is wanted; visible ASCII */
                "Idempotency-Key": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Submission"];
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmissionAnswer"];
                };
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It was asked for already, or the key was used before */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is longer than 64 KiB, or than 256 KiB with a policy */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The policies, or the rules of a request's life, do not allow it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_request: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RequestDetail"];
                };
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    approve_request: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Remark"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RequestView"];
                };
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request's state does not allow it any more */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is longer than 64 KiB, or than 256 KiB with a policy */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The policies, or the rules of a request's life, do not allow it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deny_request: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Remark"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RequestView"];
                };
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request's state does not allow it any more */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is longer than 64 KiB, or than 256 KiB with a policy */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The policies, or the rules of a request's life, do not allow it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revoke_request: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Remark"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RequestView"];
                };
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request's state does not allow it any more */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is longer than 64 KiB, or than 256 KiB with a policy */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The policies, or the rules of a request's life, do not allow it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    withdraw_request: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Nothing"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RequestView"];
                };
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request's state does not allow it any more */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is longer than 64 KiB, or than 256 KiB with a policy */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The policies, or the rules of a request's life, do not allow it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_settings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionedSettings"];
                };
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    change_settings: {
        parameters: {
            query?: never;
            header: {
                /** @description The version they were made from, in quotes */
                "If-Match": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Settings"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VersionedSettings"];
                };
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A policy with this id exists */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Somebody changed it meanwhile */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is longer than 64 KiB, or than 256 KiB with a policy */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The body is not JSON */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The policies, or the rules of a request's life, do not allow it */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `If-Match` is missing */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_slack_links: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_LinkedSlackAccount"];
                };
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    unlink_slack: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user: string;
                workspace: string;
                account: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is not linked to the user any more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Something is malformed */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no valid token */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The caller is unknown or disabled in the identity store */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It does not exist, or not for the caller */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Recorded data cannot be understood */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something is unavailable; try again */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
