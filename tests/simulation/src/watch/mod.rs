//! Sees everything that is recorded and everything that really happens in Identity Center, and says
//! when something is wrong. It shares no decision with the program: what must hold is written here a
//! second time.

mod answers;
mod approval;
mod closing;
mod drift;
mod inbox;
mod late;
mod ledgers;
mod mended;
mod reach;
mod records;
mod requests;
mod rules;
mod strict;
mod truth;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use kari_application::check_records::{check_item, check_policies};
use kari_application::ports::{Append, Conflict, ItemChange, ItemKey};
use kari_domain::audit::StreamId;
use kari_domain::directory::Snapshot;
use kari_domain::ids::{AccountId, OperationId, RequestId, Target, Tuple, UserId};
use kari_domain::policy::PolicySet;
use kari_domain::request::RequestState;
use kari_domain::time::Instant;
use kari_embedded::identity_center::{By, SimulatedIdentityCenter};
use kari_embedded::store::RecordedStream;
use sha2::{Digest, Sha256};

use crate::coverage::Coverage;
use crate::ports::Port;
use crate::tasks::TaskId;
use inbox::Told;
use truth::Truth;

pub(crate) use truth::HANGING;

pub use ledgers::LedgerWatch;
pub use requests::RequestWatch;

/// Something that must not happen, and did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which rule, in a few words; the same for every occurrence.
    pub rule: &'static str,
    pub detail: String,
    pub at: Instant,
    pub step: u64,
}

impl Violation {
    /// A run that came to no end: where, only its story says.
    pub(crate) fn of_panic(panic: &(dyn std::any::Any + Send)) -> Self {
        let literal = panic.downcast_ref::<&str>().copied();
        let words = literal.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        let detail = words.unwrap_or("no word why").to_owned();
        Self { rule: "nothing panics", detail, at: Instant::UNIX_EPOCH, step: 0 }
    }
}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "step {}, {}: {}: {}", self.step, self.at.format("%H:%M:%S%.3f"), self.rule, self.detail)
    }
}

/// A recorded event on its way to the relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub bytes: String,
}

/// All that is known.
#[derive(Debug)]
pub struct Watch {
    center: Arc<SimulatedIdentityCenter>,
    /// What occurred how often.
    pub coverage: Coverage,
    /// Every request ever submitted.
    pub requests: BTreeMap<RequestId, RequestWatch>,
    /// Every tuple ever held.
    pub ledgers: BTreeMap<Tuple, LedgerWatch>,
    /// The policies as of the last append.
    pub policies: PolicySet,
    /// The step of the last change of the policies or the settings.
    policies_changed_at: u64,
    /// The directory as it was from which step on.
    organization: Vec<(u64, Snapshot)>,
    truth: Truth,
    told: Told,
    step: u64,
    now: Instant,
    began: BTreeMap<TaskId, (u64, Instant)>,
    read: BTreeMap<(TaskId, StreamId), u64>,
    looks: BTreeMap<(TaskId, Tuple), Instant>,
    /// When each task began to list who is assigned, the last time.
    lists: BTreeMap<(TaskId, Target), Instant>,
    deletions: Vec<(Tuple, Instant)>,
    /// What each operation of ours is about.
    operations: BTreeMap<OperationId, Tuple>,
    /// How many calls of each task have failed since it reported last.
    troubles: BTreeMap<TaskId, usize>,
    /// How many refused attempts each task recorded.
    attempts: BTreeMap<TaskId, usize>,
    /// How often each person was refused.
    refused: BTreeMap<UserId, usize>,
    /// What was made of each thing that was sent, and when it was told first.
    sent: BTreeMap<String, (RequestId, Instant)>,
    /// Creations on accounts out of reach; they may hang.
    hanging: Vec<(Tuple, Instant)>,
    records: Vec<Record>,
    due: Vec<(ItemKey, Option<Instant>)>,
    violations: Vec<Violation>,
    digest: Sha256,
    /// Everything that happened, in words, if somebody wants to read it.
    pub story: Option<Vec<String>>,
    /// Since when nothing has gone wrong; `None` while things do.
    calm_since: Option<Instant>,
    /// What was under way when faults ended.
    settling: BTreeSet<Tuple>,
    /// Requests whose stream was continued by a newer version.
    pub poisoned: BTreeSet<RequestId>,
    /// State items that were damaged, and when they were put right.
    damaged: BTreeMap<StreamId, Option<Instant>>,
    disabled_since: BTreeMap<UserId, Instant>,
    /// When an account could be used again.
    reopened: BTreeMap<AccountId, Instant>,
    /// Since when an account cannot be used.
    out_of_reach_since: BTreeMap<AccountId, Instant>,
    /// Until when nobody can read the policies, or could not the last time.
    policies_back_at: Option<Instant>,
}

impl Watch {
    /// Watches this Identity Center, whose directory is this.
    pub fn new(center: Arc<SimulatedIdentityCenter>, organization: Snapshot, now: Instant) -> Self {
        Self {
            center,
            coverage: Coverage::default(),
            requests: BTreeMap::new(),
            ledgers: BTreeMap::new(),
            policies: PolicySet::default(),
            policies_changed_at: 0,
            organization: vec![(0, organization)],
            truth: Truth::default(),
            told: Told::default(),
            step: 0,
            now,
            began: BTreeMap::new(),
            read: BTreeMap::new(),
            looks: BTreeMap::new(),
            lists: BTreeMap::new(),
            deletions: vec![],
            operations: BTreeMap::new(),
            troubles: BTreeMap::new(),
            attempts: BTreeMap::new(),
            refused: BTreeMap::new(),
            sent: BTreeMap::new(),
            hanging: vec![],
            records: vec![],
            due: vec![],
            violations: vec![],
            digest: Sha256::new(),
            story: None,
            calm_since: Some(now),
            settling: BTreeSet::new(),
            poisoned: BTreeSet::new(),
            damaged: BTreeMap::new(),
            disabled_since: BTreeMap::new(),
            reopened: BTreeMap::new(),
            out_of_reach_since: BTreeMap::new(),
            policies_back_at: None,
        }
    }

    /// A step begins.
    pub fn step(&mut self, step: u64, now: Instant) {
        self.step = step;
        self.now = now;
    }

    /// Something is wrong.
    pub fn violate(&mut self, rule: &'static str, detail: impl Into<String>) {
        let violation = Violation { rule, detail: detail.into(), at: self.now, step: self.step };
        self.tell(|| format!("VIOLATION {violation}"));
        self.violations.push(violation);
    }

    /// What went wrong first.
    pub fn violation(&self) -> Option<&Violation> {
        self.violations.first()
    }

    /// Adds to the story, if there is one.
    pub fn tell(&mut self, line: impl FnOnce() -> String) {
        if let Some(story) = &mut self.story {
            story.push(format!("{:>6} {} {}", self.step, self.now.format("%d %H:%M:%S%.3f"), line()));
        }
    }

    /// Adds to what makes two runs the same run.
    pub fn digest(&mut self, text: &str) {
        self.digest.update(text.as_bytes());
        self.digest.update([0]);
    }

    /// A fingerprint of everything that happened.
    pub fn fingerprint(&self) -> String {
        hex::encode(self.digest.clone().finalize())
    }

    /// A task begins.
    pub fn task_began(&mut self, task: TaskId, name: &str) {
        self.began.insert(task, (self.step, self.now));
        self.coverage.began(task, name);
        self.digest(name);
        self.tell(|| format!("start {} {name}", task.0));
    }

    /// A task reads a stream: what it decides afterwards about it rests on facts from now on.
    pub fn read(&mut self, task: TaskId, stream: &StreamId) {
        self.read.insert((task, stream.clone()), self.step);
    }

    /// A call of the running task about these streams failed. What happens to an assignment happens to
    /// whoever has it or is about to.
    pub fn fault(&mut self, port: Port, kind: &'static str, about: &[StreamId]) {
        let mut streams: BTreeSet<String> = about.iter().map(ToString::to_string).collect();
        if port == Port::Assignments {
            let tuples: Vec<_> = about.iter().filter_map(StreamId::as_tuple).collect();
            let waiting = self.requests.iter().filter(|(_, request)| request.needs_identity_center());
            let waiting = waiting.filter(|(_, request)| tuples.contains(&request.tuple));
            streams.extend(waiting.map(|(id, _)| StreamId::request(*id).to_string()));
        }
        *self.troubles.entry(self.coverage.current()).or_default() += 1;
        self.coverage.fault(port, kind, &streams);
    }

    /// An operation goes on under this id.
    pub fn operation_goes_on(&mut self, tuple: &Tuple, id: &OperationId) {
        self.operations.insert(id.clone(), tuple.clone());
    }

    /// The ledger of what an operation is about.
    pub(crate) fn ledger_of(&self, id: &OperationId) -> Option<StreamId> {
        self.operations.get(id).map(StreamId::ledger)
    }

    /// The ledgers of what is or ever was assigned, as far as it is meant.
    pub(crate) fn ledgers_where(&self, is_meant: impl Fn(&Tuple) -> bool) -> Vec<StreamId> {
        let known = self.ledgers.keys().chain(self.truth.present().map(|(tuple, _)| tuple));
        let here: BTreeSet<&Tuple> = known.filter(|tuple| is_meant(tuple)).collect();
        here.into_iter().map(StreamId::ledger).collect()
    }

    /// A task looked whether an assignment is listed.
    pub fn looked(&mut self, task: TaskId, tuple: &Tuple, now: Instant) {
        self.looks.insert((task, tuple.clone()), now);
    }

    /// A task listed who is assigned, and began to at this instant.
    pub fn listed(&mut self, task: TaskId, target: Target, began: Instant) {
        self.lists.insert((task, target), began);
    }

    /// A deletion was accepted.
    pub fn deletion_accepted(&mut self, tuple: &Tuple, now: Instant) {
        self.deletions.push((tuple.clone(), now));
    }

    /// The directory changed.
    pub fn organization_changed(&mut self, snapshot: Snapshot) {
        for id in self.organization[0].1.users.keys() {
            if snapshot.users.get(id).is_some_and(|user| user.enabled) {
                self.disabled_since.remove(id);
            } else {
                self.disabled_since.entry(id.clone()).or_insert(self.now);
            }
        }
        self.accounts_changed(&snapshot);
        self.organization.push((self.step, snapshot));
    }

    /// Who has approved what still waits for more approvals.
    pub fn reviewers_at_work(&self) -> Vec<UserId> {
        let pending = self.requests.values().filter(|request| request.state.name() == "pending");
        let reviews = pending.filter_map(|request| request.state.asked()).flat_map(|asked| &asked.reviews);
        reviews.map(|review| review.reviewer.clone()).collect()
    }

    /// The request for a tuple that has come least far.
    pub fn foremost(&self, tuple: &Tuple) -> Option<RequestId> {
        let about = self.requests.iter().filter(|(_, request)| request.tuple == *tuple);
        about.min_by_key(|(_, request)| RequestState::from(&request.state)).map(|(id, _)| *id)
    }

    /// The directory as it was in the beginning.
    pub fn organization_at_first(&self) -> &Snapshot {
        &self.organization[0].1
    }

    /// The directory as it is.
    pub fn organization(&self) -> &Snapshot {
        &self.organization.last().expect("there is always one").1
    }

    /// Whether nothing goes wrong at the moment.
    pub fn is_calm(&self) -> bool {
        self.calm_since.is_some()
    }

    /// The assignments of ours that give access now.
    pub fn ours(&self) -> Vec<Tuple> {
        let ours = self.truth.present().filter(|(_, stay)| stay.created_by == By::Kari);
        ours.map(|(tuple, _)| tuple.clone()).collect()
    }

    /// A stream as the store has it in the end.
    pub fn check_chain(&mut self, stream: &RecordedStream) {
        if let Err(fault) = stream.verify() {
            self.violate("every chain is intact", fault.to_string());
        }
        for fault in self.found_by_the_verifier(stream) {
            let detail = format!("{}: {fault}", stream.stream);
            self.violate("the verifier finds nothing in what nobody tampered with", detail);
        }
    }

    fn found_by_the_verifier(&self, stream: &RecordedStream) -> Vec<String> {
        let RecordedStream { stream: id, events, item, policies, misfiled, .. } = stream;
        if id.as_request().is_some_and(|id| self.poisoned.contains(&id)) {
            return vec![];
        }
        let filed = misfiled.iter().map(|number| format!("event {number} is filed under something else"));
        let items = check_item(id, events, item.as_ref()).into_iter().map(|fault| fault.to_string());
        let set = (*id == StreamId::policies()).then(|| check_policies(events, policies));
        filed.chain(items).chain(set.into_iter().flatten().map(|fault| fault.to_string())).collect()
    }

    /// From now on only sweeps drive anything: promises to the minute are off.
    pub fn leave_to_sweeps(&mut self) {
        self.calm_since = None;
    }

    /// The items that changed since the last call, with their due instants.
    pub fn take_due(&mut self) -> Vec<(ItemKey, Option<Instant>)> {
        std::mem::take(&mut self.due)
    }

    /// The records that were made since the last call.
    pub fn take_records(&mut self) -> Vec<Record> {
        std::mem::take(&mut self.records)
    }

    /// An append was refused because somebody else was first.
    pub fn conflicted(&mut self, append: &Append, conflict: &Conflict) {
        self.tell(|| format!("conflict {conflict:?}"));
        self.coverage.conflict();
        if append.streams.is_empty() {
            self.coverage.count("putting a state item right lost a race");
        }
    }

    /// Something was appended.
    pub fn appended(&mut self, append: &Append, task: TaskId, now: Instant) {
        self.now = now;
        for (stream, version) in &append.unchanged {
            if stream.as_str() == "policies" && *version != self.policies.version {
                self.violate("a decision rests on the current policies", format!("{version}"));
            }
        }
        for stream in &append.streams {
            for event in &stream.events {
                self.digest(&event.bytes);
                self.records.push(Record { bytes: event.bytes.clone() });
            }
        }
        let attempts = append.streams.iter().filter(|s| s.stream.as_str().starts_with("attempts/"));
        *self.attempts.entry(task).or_default() += attempts.count();
        // Ledgers first: a request's events are judged with the ledger they were recorded with.
        for stream in append.streams.iter().filter(|stream| stream.stream.as_tuple().is_some()) {
            self.ledger_appended(stream, task);
        }
        for stream in append.streams.iter().filter(|stream| stream.stream.as_request().is_some()) {
            self.request_appended(stream, task);
        }
        for item in &append.items {
            match item {
                ItemChange::Put(item) => {
                    self.item_put(item);
                    self.put_right(&item.key, append.streams.is_empty());
                    if item.key.0.starts_with("request/") || item.key.0.starts_with("assignment/") {
                        self.due.push((item.key.clone(), item.due_at));
                    }
                }
                ItemChange::Delete(key) => self.policy_deleted(&key.0),
            }
        }
        self.check_holders();
    }

    /// Everything that is checked after each step.
    pub fn check(&mut self, now: Instant) {
        self.now = now;
        self.check_truth();
        self.check_strictly();
    }

    /// The directory in each form it had since this task read the request it decides on; a command of a
    /// person rests on who they were when they began.
    fn facts_of(&self, task: TaskId, request: RequestId, since_beginning: bool) -> Vec<&Snapshot> {
        let began = self.began.get(&task).map_or(0, |(step, _)| *step);
        let read = self.read.get(&(task, StreamId::request(request))).copied().unwrap_or(began);
        let from = if since_beginning { began } else { read.max(began) };
        let place = self.organization.iter().rposition(|(step, _)| *step <= from).unwrap_or_default();
        self.organization[place..].iter().map(|(_, snapshot)| snapshot).collect()
    }
}
