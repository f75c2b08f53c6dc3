//! The policies of a file, for an organization that exists.

use kari_domain::directory::{Group, Snapshot};
use kari_domain::ids::GroupId;
use kari_domain::settings::Settings;
use kari_domain::time::Minutes;
use kari_embedded::organization::{Organization, policies};

const TOWN: &str = "[[group]]\nname = 'developers'\nid = 'g-1'\n[[unit]]\nname = 'production'\nid = 'ou-town-production'\n\
                    [[permission_set]]\nname = 'Look'\n";

fn town() -> Snapshot {
    Organization::parse("town.toml", TOWN).unwrap().directory
}

fn policy(groups: &str) -> String {
    format!(
        "[[eligibility]]\nid = 'look'\nname = 'Look'\ngroups = [{groups}]\nunits = ['production', 'root']\n\
         permission_sets = ['Look']\nmax_duration = '1h'\n"
    )
}

fn told(text: &str, directory: &Snapshot) -> String {
    policies("policies.toml", text, directory, &Settings::default()).unwrap_err().to_string()
}

#[test]
fn what_policies_name_is_looked_up_in_the_directory_by_name_or_id() {
    let directory = town();
    for groups in ["'developers'", "'g-1'"] {
        let set = policies("policies.toml", &policy(groups), &directory, &Settings::default()).unwrap();
        let policy = &set.eligibility[0].policy;
        assert_eq!(policy.principals.groups, [GroupId::parse("g-1").unwrap()].into());
        assert_eq!(policy.targets.units.len(), 2);
    }
}

#[test]
fn what_the_directory_does_not_have_is_told_with_its_line() {
    assert_eq!(
        told(&policy("'developers', 'leads'"), &town()),
        "policies.toml:4: the directory has no group `leads`; correct the name, or wait until kari has read the \
         directory again"
    );
    // That the file declares it is no help: who is in it is for the directory to say.
    let text = format!("[[group]]\nname = 'leads'\n{}", policy("'leads'"));
    assert!(told(&text, &town()).starts_with("policies.toml:6: the directory has no group `leads`"));
}

#[test]
fn a_name_that_several_have_is_not_guessed_and_an_id_means_what_has_it() {
    let mut directory = town();
    for (id, name) in [("g-2", "developers"), ("g-3", "g-1")] {
        let id = GroupId::parse(id).unwrap();
        directory.groups.insert(id.clone(), Group { id, display_name: name.to_owned() });
    }
    assert_eq!(
        told(&policy("'developers'"), &directory),
        "policies.toml:4: several have the name `developers`; name the group that is meant by its id: g-1 or g-2"
    );
    let set = policies("policies.toml", &policy("'g-1'"), &directory, &Settings::default()).unwrap();
    assert_eq!(set.eligibility[0].policy.principals.groups, [GroupId::parse("g-1").unwrap()].into());
}

#[test]
fn settings_that_the_file_does_not_give_stay_as_they_are() {
    let before = Settings { ticket_required: true, requests_accepted: false, ..Settings::default() };
    let read = |text: &str| policies("policies.toml", text, &town(), &before).unwrap().settings;
    assert_eq!(read(""), before);
    let given = read("[settings]\nexpiry_warning = '20m'\nchannels = ['sns']\n");
    assert_eq!((given.expiry_warning_minutes, given.channels.sns), (Minutes(20), true));
    assert!(given.ticket_required && !given.requests_accepted);
}
