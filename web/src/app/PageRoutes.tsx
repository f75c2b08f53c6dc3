import { lazy } from "react";
import { Navigate, Route, Routes } from "react-router";

import { useSession } from "../session/SessionGate";
import { NotFoundPage } from "./NotFoundPage";

const RequestPage = lazy(() => import("../features/request-form/RequestPage"));
const MyRequestsPage = lazy(() => import("../features/requests/MyRequestsPage"));
const EverybodysRequestsPage = lazy(() => import("../features/requests/EverybodysRequestsPage"));
const RequestDetailsPage = lazy(() => import("../features/requests/RequestDetailsPage"));
const ToReviewPage = lazy(() => import("../features/reviews/ToReviewPage"));
const ActiveAccessPage = lazy(() => import("../features/access/ActiveAccessPage"));
const InboxPage = lazy(() => import("../features/inbox/InboxPage"));
const AuditPage = lazy(() => import("../features/audit/AuditPage"));
const PoliciesPage = lazy(() => import("../features/policies/PoliciesPage"));
const PolicyPage = lazy(() => import("../features/policies/PolicyPage"));
const SettingsPage = lazy(() => import("../features/settings/SettingsPage"));
const LinkSlackPage = lazy(() => import("../features/slack/LinkSlackPage"));
const LinkedAccountsPage = lazy(() => import("../features/slack/LinkedAccountsPage"));
const SimulationPage = lazy(() => import("../features/simulation/SimulationPage"));

/** NB. Who may see what is decided by the API; a page without permission shows its "not found". */
export function PageRoutes() {
  const { config } = useSession();
  return (
    <Routes>
      <Route path="/" element={<Navigate to="/request" replace />} />
      <Route path="/request" element={<RequestPage />} />
      <Route path="/requests" element={<MyRequestsPage />} />
      <Route path="/requests/:id" element={<RequestDetailsPage />} />
      <Route path="/everybody" element={<EverybodysRequestsPage />} />
      <Route path="/review" element={<ToReviewPage />} />
      <Route path="/active" element={<ActiveAccessPage />} />
      <Route path="/inbox" element={<InboxPage />} />
      <Route path="/audit" element={<AuditPage />} />
      <Route path="/policies" element={<PoliciesPage />} />
      <Route path="/policies/new/:kind" element={<PolicyPage />} />
      <Route path="/policies/:kind/:id" element={<PolicyPage />} />
      <Route path="/settings" element={<SettingsPage />} />
      <Route path="/settings/slack" element={<LinkedAccountsPage />} />
      <Route path="/slack" element={<LinkSlackPage />} />
      {config.simulated && <Route path="/simulation" element={<SimulationPage />} />}
      <Route path="*" element={<NotFoundPage />} />
    </Routes>
  );
}
