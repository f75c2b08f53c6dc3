//! Permission sets, from Identity Center.

use std::collections::BTreeMap;

use aws_sdk_ssoadmin::error::ProvideErrorMetadata;
use chrono::TimeDelta;
use kari_application::ports::Unavailable;
use kari_domain::directory::PermissionSet;
use kari_domain::ids::PermissionSetArn;
use kari_domain::time::Minutes;

use super::{AwsDirectory, present, unavailable};

/// Between two descriptions: five of the twenty calls a second that removals need too.
const PACE: TimeDelta = TimeDelta::milliseconds(200);
/// How often the reading of everything waits out a throttled call.
const PATIENCE: usize = 20;
/// How long a session lasts where a permission set does not say.
const USUAL_SESSION: Minutes = Minutes(60);

impl AwsDirectory {
    pub(super) async fn describe_permission_set(
        &self,
        arn: &PermissionSetArn,
    ) -> Result<Option<PermissionSet>, Unavailable> {
        let describe = self.sso_admin.describe_permission_set().instance_arn(self.of.instance.as_str());
        match describe.permission_set_arn(arn.as_str()).send().await {
            Ok(found) => {
                let found = present(found.permission_set, "permission set")?;
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
            Err(error) if error.code() == Some("ResourceNotFoundException") => Ok(None),
            Err(error) => Err(unavailable(error)),
        }
    }

    pub(super) async fn list_permission_sets(
        &self,
    ) -> Result<BTreeMap<PermissionSetArn, PermissionSet>, Unavailable> {
        let list = self.sso_admin.list_permission_sets().instance_arn(self.of.instance.as_str());
        let mut found = list.into_paginator().items().send();
        let mut sets = BTreeMap::new();
        while let Some(arn) = found.next().await {
            let arn: PermissionSetArn = arn.map_err(unavailable)?.parse().map_err(unavailable)?;
            // One that was deleted meanwhile is not there.
            if let Some(set) = self.describe_patiently(&arn).await? {
                sets.insert(arn, set);
            }
        }
        Ok(sets)
    }

    /// The reading of everything can wait: what fails is repeated after a pause.
    async fn describe_patiently(&self, arn: &PermissionSetArn) -> Result<Option<PermissionSet>, Unavailable> {
        let mut tries = 1;
        loop {
            self.clock.sleep(PACE).await;
            match self.describe_permission_set(arn).await {
                Err(_) if tries < PATIENCE => tries += 1,
                answer => return answer,
            }
        }
    }
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
