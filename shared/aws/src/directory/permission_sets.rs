//! Permission sets, from Identity Center.

use std::collections::BTreeMap;

use aws_sdk_ssoadmin::error::SdkError;
use aws_sdk_ssoadmin::operation::describe_permission_set::{
    DescribePermissionSetError, DescribePermissionSetOutput,
};
use aws_sdk_ssoadmin::operation::list_permission_sets::ListPermissionSetsOutput;
use aws_sdk_ssoadmin::types::error::ResourceNotFoundException;
use kari_application::ports::Unavailable;
use kari_domain::directory::PermissionSet;
use kari_domain::ids::PermissionSetArn;
use kari_domain::time::Minutes;

use super::paced::{SSO_ADMIN, all_of, patiently};
use super::{AwsDirectory, present, unavailable};

/// How long a session lasts where a permission set does not say.
const USUAL_SESSION: Minutes = Minutes(60);

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
        described(arn, self.ask_for_permission_set(arn).await)
    }

    async fn ask_for_permission_set(&self, arn: &PermissionSetArn) -> Answer {
        let describe = self.sso_admin.describe_permission_set().instance_arn(self.of.instance.as_str());
        describe.permission_set_arn(arn.as_str()).send().await
    }

    pub(super) async fn list_permission_sets(
        &self,
    ) -> Result<BTreeMap<PermissionSetArn, PermissionSet>, Unavailable> {
        let list = self.sso_admin.list_permission_sets().instance_arn(self.of.instance.as_str());
        let page = |token| list.clone().set_next_token(token).send();
        let parts =
            |page: ListPermissionSetsOutput| (page.permission_sets.unwrap_or_default(), page.next_token);
        let mut sets = BTreeMap::new();
        for arn in all_of(&*self.clock, SSO_ADMIN, page, parts).await? {
            let arn: PermissionSetArn = arn.parse().map_err(unavailable)?;
            let answer = patiently(&*self.clock, SSO_ADMIN, || self.ask_for_permission_set(&arn)).await;
            // One that was deleted meanwhile is not there.
            if let Some(set) = described(&arn, answer)? {
                sets.insert(arn, set);
            }
        }
        Ok(sets)
    }
}

/// NB. Where there is a reason, it is the key that Identity Center is encrypted with that was not found.
fn is_the_set(missing: &ResourceNotFoundException) -> bool {
    missing.reason().is_none()
}

fn described(arn: &PermissionSetArn, answer: Answer) -> Result<Option<PermissionSet>, Unavailable> {
    let found = match answer {
        Ok(found) => present(found.permission_set, "permission set")?,
        Err(error) => match error.as_service_error() {
            Some(DescribePermissionSetError::ResourceNotFoundException(missing)) if is_the_set(missing) => {
                return Ok(None);
            }
            _ => return Err(unavailable(error)),
        },
    };
    let session_duration = match found.session_duration() {
        Some(text) => present(minutes(text), "session duration that can be read")?,
        None => USUAL_SESSION,
    };
    Ok(Some(PermissionSet {
        arn: arn.clone(),
        name: present(found.name(), "name")?.to_owned(),
        description: found.description().unwrap_or_default().to_owned(),
        session_duration,
    }))
}

/// The minutes of an ISO 8601 duration such as `PT8H30M`; `None` if it is none of hours and minutes.
fn minutes(text: &str) -> Option<Minutes> {
    let mut rest = text.strip_prefix("PT")?;
    let mut total: u32 = 0;
    for (unit, worth) in [('H', 60), ('M', 1)] {
        if let Some((digits, after)) = rest.split_once(unit) {
            total = digits.parse::<u32>().ok()?.checked_mul(worth)?.checked_add(total)?;
            rest = after;
        }
    }
    let seconds = rest.is_empty() || rest.strip_suffix('S')?.parse::<u32>().is_ok();
    (seconds && total > 0).then_some(Minutes(total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn session_durations_are_read_as_identity_center_writes_them() {
        for (text, expected) in
            [("PT1H", 60), ("PT12H", 720), ("PT90M", 90), ("PT8H30M", 510), ("PT1H0M0S", 60)]
        {
            assert_eq!(minutes(text), Some(Minutes(expected)), "{text}");
        }
        for text in ["", "PT", "1H", "P1D", "PTxH", "PT0H", "PT99999999999H"] {
            assert_eq!(minutes(text), None, "{text}");
        }
    }
}
