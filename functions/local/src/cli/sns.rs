use std::ffi::OsString;
use std::fmt;
use std::str::FromStr;

use clap::Args;

/// A topic of Amazon SNS, by which machines are told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[command(next_help_heading = "With SNS")]
pub struct SnsOptions {
    /// The ARN of a standard topic, to which every recorded event is published while the channel is on in the settings
    ///
    /// Credentials are found as the AWS CLI finds them; they need the right to "sns:Publish" there. NB. Reasons, comments
    /// and names are in the messages.
    #[arg(long, value_name = "ARN")]
    pub sns_topic: Option<TopicArn>,
}

/// The ARN of a topic that takes messages in any order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicArn {
    arn: String,
    region: String,
}

/// A text that is no [`TopicArn`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it has to be the ARN of a standard topic, for instance arn:aws:sns:eu-central-1:111122223333:kari")]
pub struct MalformedTopicArn;

impl FromStr for TopicArn {
    type Err = MalformedTopicArn;

    fn from_str(text: &str) -> Result<Self, MalformedTopicArn> {
        let parts: Vec<_> = text.split(':').collect();
        let ["arn", partition, "sns", region, account, name] = parts.as_slice() else {
            return Err(MalformedTopicArn);
        };
        if [partition, region, account, name].iter().any(|part| part.is_empty()) || name.contains('.') {
            return Err(MalformedTopicArn);
        }
        Ok(Self { arn: text.to_owned(), region: (*region).to_owned() })
    }
}

impl fmt::Display for TopicArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.arn)
    }
}

impl TopicArn {
    /// The Region that the topic is in.
    pub fn region(&self) -> &str {
        &self.region
    }
}

impl SnsOptions {
    /// The same as arguments.
    pub(super) fn arguments(&self) -> Vec<OsString> {
        let Self { sns_topic } = self;
        let given = sns_topic.as_ref().map(|topic| ["--sns-topic".into(), topic.to_string().into()]);
        given.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_arn_of_a_standard_topic_is_taken_and_says_where_it_is() {
        let topic: TopicArn = "arn:aws:sns:eu-central-1:111122223333:kari".parse().unwrap();
        assert_eq!(topic.region(), "eu-central-1");
        for other in [
            "",
            "kari",
            "arn:aws:sqs:eu-central-1:111122223333:kari",
            "arn:aws:sns::111122223333:kari",
            "arn:aws:sns:eu-central-1:111122223333:",
            "arn:aws:sns:eu-central-1:111122223333:kari.fifo",
            "arn:aws:sns:eu-central-1:111122223333:kari:0aa1",
        ] {
            assert_eq!(other.parse::<TopicArn>(), Err(MalformedTopicArn), "{other}");
        }
    }
}
