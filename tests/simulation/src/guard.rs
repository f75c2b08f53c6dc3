//! The guard's round over the records, and what it is for: state items that were damaged. The events are not
//! touched: what they say goes on being true, and every promise is kept.

use std::rc::Rc;
use std::sync::Arc;

use futures::FutureExt;
use kari_application::check_records::{check_open, check_stream};
use kari_application::ports::{Append, EventStore, Ids, ItemChange, ItemKey};
use kari_domain::audit::StreamId;
use kari_domain::ids::AppendId;

use crate::organization::{self, PEOPLE};
use crate::simulation::{Note, Simulation};

impl Simulation {
    /// Everything that is open is checked, and some streams beside it, while others append to them.
    pub(crate) fn start_check(&mut self) {
        let (kari, desk) = (Rc::clone(&self.kari), Rc::clone(&self.desk));
        let gate = Arc::clone(&self.world.gate);
        let streams = self.some_streams();
        self.start("check the records", async move {
            let open = check_open(&kari).await.map(|()| true);
            desk.borrow_mut().push(Note::Checked(gate.current(), None, open));
            for stream in streams {
                let checked = check_stream(&kari, &stream).await;
                desk.borrow_mut().push(Note::Checked(gate.current(), Some(stream), checked));
            }
        });
    }

    /// Requests and ledgers, closed or not, and somebody's refused attempts.
    fn some_streams(&mut self) -> Vec<StreamId> {
        let known = self.recorded_streams(false);
        let mut streams: Vec<StreamId> = vec![];
        if !known.is_empty() {
            streams.extend((0..3).map(|_| self.dice.pick(&known).clone()));
        }
        let who = organization::user(self.dice.pick(&PEOPLE).0);
        streams.push(StreamId::attempts(&who, self.now()));
        streams
    }

    /// The requests that can be understood, and the ledgers: all, or those that are open.
    fn recorded_streams(&self, open: bool) -> Vec<StreamId> {
        let watch = self.world.gate.watch();
        let requests = watch.requests.iter().filter(|(id, _)| !watch.poisoned.contains(id));
        let requests = requests.filter(|(_, request)| !open || !request.is_closed());
        let ledgers = watch.ledgers.iter().filter(|(_, known)| !open || !known.rests());
        let requests = requests.map(|(id, _)| StreamId::request(*id));
        requests.chain(ledgers.map(|(tuple, _)| StreamId::ledger(tuple))).collect()
    }

    /// Something that is no program of ours writes over what a request or a ledger is listed by; mostly over
    /// what is open or just being driven, so that others append to it while it is put right.
    pub(crate) fn damage(&mut self) {
        let open = self.dice.chance(800);
        let known = self.recorded_streams(open);
        let is_driven = |stream: &&StreamId| self.driving.contains(&ItemKey::from(*stream));
        let driven: Vec<StreamId> = known.iter().filter(is_driven).cloned().collect();
        let among = if driven.is_empty() { known } else { driven };
        if among.is_empty() {
            return;
        }
        let stream = self.dice.pick(&among).clone();
        let item = self.world.store.item(&ItemKey::from(&stream)).now_or_never();
        let mut item = item.expect("at once").expect("readable").expect("something was recorded");
        "damaged".clone_into(&mut item.body);
        let append = Append {
            id: AppendId(self.world.ids.fresh()),
            at: self.now(),
            streams: vec![],
            unchanged: vec![],
            items: vec![ItemChange::Put(item)],
            claims: vec![],
        };
        // NB. Behind the gate: the watch must not take it for something that was recorded.
        self.world.store.append(&append).now_or_never().expect("at once").expect("nothing is under way");
        self.world.gate.watch().damaged(stream);
        if self.dice.chance(500) {
            self.start_check();
        }
    }
}
