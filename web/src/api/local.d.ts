// Generated from functions/local/openapi.json by `npm run types`. Do not edit.

export interface paths {
    "/v1/inbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My messages */
        get: operations["list_inbox"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/inbox/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mark my messages as read */
        post: operations["mark_inbox_read"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/simulation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The state of the simulation */
        get: operations["get_simulation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/simulation/crash": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Crash Kari now
         * @description The process dies as by `kill -9`; its supervisor starts it again.
         */
        post: operations["crash"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/simulation/faults": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Set off a fault in the simulated Identity Center */
        post: operations["set_off_fault"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/simulation/identity-center": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The simulated Identity Center */
        get: operations["get_simulated_identity_center"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/simulation/skip": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Skip time
         * @description Everything that became due meanwhile happens now. Time never goes back.
         */
        post: operations["skip_time"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description An account, by the name it has now. */
        AccountLabel: {
            /** @example 111122223333 */
            id: string;
            name: string;
        };
        /**
         * @description Who created it.
         * @enum {string}
         */
        CreatedBy: "kari" | "outside";
        /** @description A fault that is still to come or still going on. */
        Fault: {
            kind: components["schemas"]["FaultKind"];
            /**
             * Format: date-time
             * @description Until when it goes on; `null` for one that strikes once.
             */
            until?: string | null;
        };
        /**
         * @description A fault that a visitor can set off.
         * @enum {string}
         */
        FaultKind: "throttle" | "lose-next-response" | "fail-after-accepting";
        /** @description The caller's messages. */
        Inbox: {
            /** @description The newest first. */
            items: components["schemas"]["InboxItem"][];
            /** @description The cursor at which the next part begins; `null` at the end. */
            next?: string | null;
            /**
             * Format: int64
             * @description How many of all messages are new: not read, and no review that is not wanted any more.
             */
            unread: number;
        };
        /** @description A message. */
        InboxItem: {
            /**
             * Format: int64
             * @description Grows with every message; what marking as read takes.
             */
            id: number;
            kind: components["schemas"]["InboxKind"];
            /** Format: date-time */
            at: string;
            read: boolean;
            /** @description It asked for a review, and the request does not wait for one any more; so it is no news, read or not. */
            decided: boolean;
            /** @description The access request it is about. */
            request?: string | null;
            /** @description The stream of the event it tells of, as the audit lists it. */
            stream: string;
            /**
             * Format: int64
             * @description The event it tells of. Where nothing was recorded it tells of the stream itself, and this is 0, or
             *     what makes this time another one.
             */
            sequence: number;
            /** @description Display name; empty where it is about no person. */
            requester: string;
            /** @description Name; empty where it is about no account. */
            account: string;
            /** @description Name; empty where it is about no permission set. */
            permission_set: string;
        };
        /**
         * @description What it tells.
         * @enum {string}
         */
        InboxKind: "review-wanted" | "approved" | "denied" | "withdrawn" | "lapsed" | "active" | "expiring-soon" | "failed" | "expired" | "revoked" | "access-stays" | "removal-overdue" | "removal-blocked" | "own-removal-blocked" | "policies-changed" | "policy-needs-attention" | "directory-too-old" | "drift-found" | "records-unreadable";
        /** @description A permission set, by the name it has now. */
        PermissionSetLabel: {
            arn: string;
            name: string;
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
        /** @description What was seen. */
        Seen: {
            /**
             * Format: int64
             * @description The newest message that was shown; what came after it stays new.
             */
            up_to: number;
        };
        /** @description Which fault. */
        SetOff: {
            kind: components["schemas"]["FaultKind"];
        };
        /** @description An account assignment. */
        SimulatedAssignment: {
            account: components["schemas"]["AccountLabel"];
            permission_set: components["schemas"]["PermissionSetLabel"];
            principal: components["schemas"]["SimulatedPrincipal"];
            /**
             * @description The role in the account; empty for a moment while a listing lags behind.
             * @example AWSReservedSSO_ReadOnly_0123456789abcdef
             */
            role_name: string;
            /** Format: date-time */
            since: string;
            created_by: components["schemas"]["CreatedBy"];
            /** @description The user was deleted: nobody has access by it, and listings go on showing it. */
            orphaned: boolean;
        };
        /** @description A call it received. */
        SimulatedCall: {
            /** Format: date-time */
            at: string;
            /** @example CreateAccountAssignment */
            operation: string;
            /** @description What it was about, in readable names. */
            target: string;
            /**
             * @description `ok`, with the status that it told; or the AWS name of the error.
             * @example ok · FAILED
             */
            outcome: string;
            fault?: components["schemas"]["FaultKind"] | null;
        };
        /** @description What the simulated Identity Center holds, and what it was asked. */
        SimulatedIdentityCenter: {
            /** @description As AWS would list them. */
            assignments: components["schemas"]["SimulatedAssignment"][];
            /** @description Accepted and still in progress. */
            operations: components["schemas"]["SimulatedOperation"][];
            /** @description The last calls about assignments, the newest first; at most 200. */
            calls: components["schemas"]["SimulatedCall"][];
            /** @description How often each operation was called since the data directory was made. */
            totals: {
                [key: string]: number;
            };
        };
        /** @description An operation in progress. */
        SimulatedOperation: {
            id: string;
            kind: components["schemas"]["SimulatedOperationKind"];
            account: components["schemas"]["AccountLabel"];
            permission_set: components["schemas"]["PermissionSetLabel"];
            user: components["schemas"]["Person"];
            /** Format: date-time */
            accepted_at: string;
        };
        /**
         * @description What it does.
         * @enum {string}
         */
        SimulatedOperationKind: "creation" | "deletion";
        /** @description Who holds it, by the name they have in Identity Center. */
        SimulatedPrincipal: {
            kind: components["schemas"]["SimulatedPrincipalKind"];
            id: string;
            name: string;
        };
        /**
         * @description A person, or everybody in a group.
         * @enum {string}
         */
        SimulatedPrincipalKind: "user" | "group";
        /** @description The state of the simulation. */
        Simulation: {
            /**
             * Format: date-time
             * @description Kari's time, by which everything but tokens is judged.
             */
            now: string;
            /**
             * Format: int64
             * @description How far it is ahead of real time.
             */
            skipped_minutes: number;
            faults: components["schemas"]["Fault"][];
            /**
             * Format: uuid
             * @description Another one after each start of Kari.
             */
            boot: string;
            /**
             * Format: date-time
             * @description When Kari started, in real time.
             */
            started_at: string;
        };
        /** @description How far to skip. */
        Skip: {
            /**
             * Format: int32
             * @example 60
             */
            minutes: number;
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
    list_inbox: {
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
                    "application/json": components["schemas"]["Inbox"];
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
    mark_inbox_read: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Seen"];
            };
        };
        responses: {
            /** @description They are read */
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
    get_simulation: {
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
                    "application/json": components["schemas"]["Simulation"];
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
    crash: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It dies in a moment */
            202: {
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
    set_off_fault: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetOff"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Simulation"];
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
    get_simulated_identity_center: {
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
                    "application/json": components["schemas"]["SimulatedIdentityCenter"];
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
    skip_time: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Skip"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Simulation"];
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
}
