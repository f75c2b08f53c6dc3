//! The same submission, sent twice at once.

use kari_simulation::commands::{Deed, DeedKind};
use kari_simulation::organization::{ACCOUNTS, MANAGEMENT, SANDBOX, account, user};
use kari_simulation::simulation::Simulation;

use crate::told::wanted;

#[test]
fn a_double_click_on_sending_for_several_accounts_makes_one_request_for_each() {
    for seed in 0..60 {
        let mut simulation = Simulation::new(seed, true);
        let several = kari_application::submit_request::Wanted {
            accounts: ACCOUNTS
                .map(|(id, _)| account(id))
                .into_iter()
                .filter(|id| *id != account(MANAGEMENT))
                .collect(),
            ..wanted("several", SANDBOX, "read", 30)
        };
        let click = || (user("ann"), Deed::Submit(several.clone()));
        simulation.act_together(vec![click(), click()]);
        let made = simulation.requests().len();
        assert_eq!(made, several.accounts.len(), "seed {seed}\n{}", simulation.story());
        assert_eq!(simulation.answers(DeedKind::Submit, "done"), 2 * made as u64, "seed {seed}");
        simulation.assert_fine();
    }
}
