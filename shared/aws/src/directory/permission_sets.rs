//! Permission sets, from Identity Center.

use std::collections::BTreeMap;

use aws_sdk_ssoadmin::error::SdkError;
use aws_sdk_ssoadmin::operation::describe_permission_set::{
    DescribePermissionSetError, DescribePermissionSetOutput,
};
use aws_sdk_ssoadmin::operation::list_permission_sets::ListPermissionSetsOutput;
use aws_sdk_ssoadmin::types::PermissionSet as Described;
use aws_sdk_ssoadmin::types::error::ResourceNotFoundException;
use kari_application::ports::Unavailable;
use kari_domain::directory::PermissionSet;
use kari_domain::ids::PermissionSetArn;
use kari_domain::time::Minutes;

use super::paced::{Api, Reading};
use super::{AwsDirectory, Listing, present, unavailable};

/// The longest session that AWS allows.
const LONGEST_SESSION: Minutes = Minutes(12 * 60);

type Answer = Result<DescribePermissionSetOutput, SdkError<DescribePermissionSetError>>;

impl AwsDirectory {
    pub(super) async fn describe_permission_set(
        &self,
        arn: &PermissionSetArn,
    ) -> Result<Option<PermissionSet>, Unavailable> {
        // NB. Whatever another instance has is not shown to be gone by this one.
        if !self.of.instance.has(arn) {
            return Err(unavailable(format!("{arn} belongs to another instance of identity center")));
        }
        let found = described(self.ask_for_permission_set(arn).await)?;
        found.map(|found| permission_set(arn, &found)).transpose()
    }

    async fn ask_for_permission_set(&self, arn: &PermissionSetArn) -> Answer {
        let describe = self.sso_admin.describe_permission_set().instance_arn(self.of.instance.as_str());
        describe.permission_set_arn(arn.as_str()).send().await
    }

    /// NB. Each call, also one that is repeated, in its turn: removals go first.
    pub(super) async fn list_permission_sets(
        &self,
        reading: &Reading,
    ) -> Result<BTreeMap<PermissionSetArn, PermissionSet>, Unavailable> {
        let list = self.sso_admin.list_permission_sets().instance_arn(self.of.instance.as_str());
        let page = |token| list.clone().set_next_token(token).send();
        let parts =
            |page: ListPermissionSetsOutput| (page.permission_sets.unwrap_or_default(), page.next_token);
        let (mut sets, mut listing) = (BTreeMap::new(), Listing::of("permission set"));
        for text in reading.list(Api::IdentityCenter, page, parts).await? {
            let set = match text.parse::<PermissionSetArn>().map_err(unavailable) {
                Ok(arn) => {
                    let ask = || self.ask_for_permission_set(&arn);
                    let answer = reading.patiently(Api::IdentityCenter, ask).await?;
                    // One that was deleted meanwhile is not there.
                    let Some(found) = described(answer)? else { continue };
                    permission_set(&arn, &found)
                }
                Err(error) => Err(error),
            };
            if let Some(set) = listing.one(&text, set) {
                sets.insert(set.arn.clone(), set);
            }
        }
        listing.end()?;
        Ok(sets)
    }
}

/// NB. Where there is a reason, it is the key that Identity Center is encrypted with that was not found.
fn is_the_set(missing: &ResourceNotFoundException) -> bool {
    missing.reason().is_none()
}

/// What is said of a permission set, if it is there.
fn described(answer: Answer) -> Result<Option<Described>, Unavailable> {
    match answer {
        Ok(found) => present(found.permission_set, "permission set").map(Some),
        Err(error) => match error.as_service_error() {
            Some(DescribePermissionSetError::ResourceNotFoundException(missing)) if is_the_set(missing) => {
                Ok(None)
            }
            _ => Err(unavailable(error)),
        },
    }
}

fn permission_set(arn: &PermissionSetArn, described: &Described) -> Result<PermissionSet, Unavailable> {
    Ok(PermissionSet {
        arn: arn.clone(),
        name: present(described.name(), "name")?.to_owned(),
        description: described.description().unwrap_or_default().to_owned(),
        session_duration: session_duration(arn, described.session_duration()),
    })
}

/// NB. Until when a session may live must not be told too early: where it cannot be read, it is the longest.
fn session_duration(arn: &PermissionSetArn, said: Option<&str>) -> Minutes {
    said.and_then(minutes).unwrap_or_else(|| {
        tracing::warn!(permission_set = %arn, ?said, "no readable session duration: taken for the longest");
        LONGEST_SESSION
    })
}

/// The minutes of an ISO 8601 duration such as `PT8H30M`, a begun one counted whole; `None` if it is none of days,
/// hours, minutes and seconds.
fn minutes(text: &str) -> Option<Minutes> {
    let text = text.strip_prefix('P')?;
    let (date, time) = text.split_once('T').unwrap_or((text, ""));
    let of_time = seconds(time, &[('H', 3_600), ('M', 60), ('S', 1)])?;
    let total = seconds(date, &[('D', 86_400)])?.checked_add(of_time)?;
    let minutes = u32::try_from(total.div_ceil(60)).ok()?;
    (minutes > 0).then_some(Minutes(minutes))
}

/// The seconds of counts of these units, in their order.
fn seconds(text: &str, units: &[(char, u64)]) -> Option<u64> {
    let (mut rest, mut total) = (text, 0_u64);
    for (unit, worth) in units {
        if let Some((count, after)) = rest.split_once(*unit) {
            total = whole(count)?.checked_mul(*worth)?.checked_add(total)?;
            rest = after;
        }
    }
    rest.is_empty().then_some(total)
}

/// A count; a fraction of one counts as one.
fn whole(count: &str) -> Option<u64> {
    let (count, fraction) = count.split_once('.').unwrap_or((count, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(count) || !is_number(fraction) {
        return None;
    }
    let more = fraction.bytes().any(|digit| digit != b'0');
    count.parse::<u64>().ok()?.checked_add(u64::from(more))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arn() -> PermissionSetArn {
        "arn:aws:sso:::permissionSet/ssoins-1/ps-1".parse().unwrap()
    }

    #[test]
    fn session_durations_are_read_in_whatever_units_they_are_said() {
        for (text, expected) in [
            ("PT1H", 60),
            ("PT12H", 720),
            ("PT90M", 90),
            ("PT8H30M", 510),
            ("PT1H0M0S", 60),
            ("PT3600S", 60),
            ("PT3601S", 61),
            ("PT3600.0S", 60),
            ("PT3600.5S", 61),
            ("PT1S", 1),
            ("P0DT1H", 60),
            ("P1D", 1_440),
        ] {
            assert_eq!(minutes(text), Some(Minutes(expected)), "{text}");
        }
        for text in [
            "",
            "P",
            "PT",
            "1H",
            "PTxH",
            "PT+1H",
            "PTH",
            "PT.5H",
            "PT0H",
            "P1Y",
            "P1M",
            "-PT1H",
            "PT1M1H",
            "PT1H1",
            "PT99999999999H",
            "PT99999999999999999999S",
        ] {
            assert_eq!(minutes(text), None, "{text}");
        }
    }

    #[test]
    fn a_session_of_which_nothing_can_be_read_may_live_as_long_as_aws_allows() {
        let set = Described::builder().name("Admin");
        for (said, expected) in [(Some("PT4H"), 240), (Some("soon"), 720), (Some("PT0H"), 720), (None, 720)] {
            let set = set.clone().set_session_duration(said.map(str::to_owned)).build();
            let read = permission_set(&arn(), &set).unwrap();
            assert_eq!(read.session_duration, Minutes(expected), "{said:?}");
        }
    }

    #[test]
    fn a_permission_set_without_a_name_is_left_out_and_an_answer_without_one_is_none() {
        let nameless = permission_set(&arn(), &Described::builder().build());
        assert!(nameless.is_err());
        assert_eq!(Listing::of("permission set").one(arn().as_str(), nameless), None);
        let answer = DescribePermissionSetOutput::builder();
        assert!(described(Ok(answer.clone().build())).is_err());
        let found = described(Ok(answer.permission_set(Described::builder().build()).build()));
        assert_eq!(found.unwrap(), Some(Described::builder().build()));
    }
}
