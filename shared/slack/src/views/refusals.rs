//! Why something is not done, in the words of whoever asked for it.

use kari_application::Error;
use kari_domain::policy::Reason;
use kari_domain::request::Refusal;
use kari_domain::text::MalformedText;

use super::line::in_words;
use crate::identity::Stranger;
use crate::{Language, Pick};

/// What an error means for whoever met it.
pub fn error_text(language: Language, error: &Error) -> String {
    let text = match error {
        Error::Refused(refusal) => return refusal_texts(language, refusal).join(" "),
        // NB. The same for what does not exist and for what they may not see.
        Error::NotFound => language.pick(
            "You are not one of the people who decide about this, or not any more. Thank you all the same.",
            "この申請の承認者ではないか、承認者から外れたため、操作できません。ご対応ありがとうございます。",
        ),
        Error::UnknownCaller => return stranger_text(language, Stranger::Disabled).to_owned(),
        Error::Replayed => language.pick(
            "This was sent before and counts once. Press it again if you meant it.",
            "すでに送信されています。操作は1回だけ反映されます。もう一度行う場合は、改めて操作してください。",
        ),
        Error::DirectoryTooOld { .. } => language.pick(
            "The directory could not be read for a while, so nobody knows for certain who could approve this. \
             Nothing was changed. Try again later; administrators have been told.",
            "ディレクトリをしばらく読み取れていないため、誰が承認できるか確かめられません。変更は行われていません。\
             しばらくしてから再試行してください。管理者には通知済みです。",
        ),
        Error::Busy => language.pick(
            "Others were quicker. Nothing was changed; try again.",
            "ほかの変更と競合しました。変更は行われていません。再試行してください。",
        ),
        Error::Unavailable(_) => language.pick(
            "Kari could not do this now: something that it needs does not answer. Try again in a moment.",
            "必要なサービスが応答していないため、現在処理できません。しばらくしてから再試行してください。",
        ),
        Error::Corrupt(_)
        | Error::BadPolicy(_)
        | Error::PolicyExists
        | Error::StaleVersion { .. }
        | Error::BadCursor => language.pick(
            "Something went wrong here. Try again; if it stays like this, tell whoever runs Kari.",
            "問題が発生しました。再試行してください。解消しない場合は、Kari の運用担当者に連絡してください。",
        ),
    };
    text.to_owned()
}

/// Why somebody in Slack can do nothing here, and what to do about it.
pub fn stranger_text(language: Language, stranger: Stranger) -> &'static str {
    match stranger {
        Stranger::ForeignWorkspace => language.pick(
            "Kari does not take commands from this workspace.",
            "このワークスペースからは Kari を操作できません。",
        ),
        Stranger::Guest => language.pick(
            "Guests of the workspace cannot use Kari. Use the portal instead.",
            "ゲストは Kari を操作できません。ポータルを利用してください。",
        ),
        Stranger::Nobody => language.pick(
            "Only people can use Kari.",
            "このアカウントでは Kari を操作できません。",
        ),
        Stranger::NoEmail => language.pick(
            "Slack does not tell your e-mail address, so Kari cannot tell who you are. Use the portal, or tell whoever \
             runs Kari.",
            "Slack からメールアドレスを取得できないため、利用者を確認できません。ポータルを利用するか、Kari の運用担当者に連絡してください。",
        ),
        Stranger::Unknown => language.pick(
            "No user of the identity store has the e-mail address of your Slack account. Link your account in the \
             portal, or ask whoever manages users.",
            "Slack アカウントのメールアドレスに対応するユーザーが ID ストアに見つかりません。ポータルでアカウントを連携するか、管理者に問い合わせてください。",
        ),
        Stranger::Ambiguous => language.pick(
            "More than one user of the identity store has the e-mail address of your Slack account, so Kari cannot tell \
             who you are. Link your account in the portal, or ask whoever manages users.",
            "Slack アカウントのメールアドレスに対応するユーザーが複数あるため、利用者を確認できません。ポータルでアカウントを連携するか、管理者に問い合わせてください。",
        ),
        Stranger::Disabled => language.pick(
            "Your user is disabled in the identity store. Ask whoever manages it to enable you.",
            "ID ストアのユーザーが無効になっています。管理者に問い合わせてください。",
        ),
        Stranger::NotLinked => language.pick(
            "Link your Slack account in the portal first: it shows a code, and you give it here with /access link CODE.",
            "先にポータルで Slack アカウントを連携してください。表示されたコードを「/access link コード」で送信します。",
        ),
    }
}

/// Why the domain says no: the reasons of the policies, or the one thing that is in the way.
pub fn refusal_texts(language: Language, refusal: &Refusal) -> Vec<String> {
    match refusal {
        Refusal::Ineligible { reasons } => {
            reasons.iter().map(|reason| reason_text(language, reason)).collect()
        }
        Refusal::Text(text) => vec![malformed_text(language, text)],
        Refusal::JoinedWindowTooLong { longest_minutes } => {
            let longest = in_words(language, *longest_minutes);
            vec![match language {
                Language::En => {
                    format!(
                        "Together with access you already have it would last longer than {longest}. Ask for less time."
                    )
                }
                Language::Ja => {
                    format!("既存のアクセスと合わせると{longest}を超えます。期間を短くしてください。")
                }
            }]
        }
        other => vec![fixed_text(language, other).to_owned()],
    }
}

fn fixed_text(language: Language, refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::UnknownAccount => language.pick(
            "There is no such account. Choose one from the list.",
            "アカウントが見つかりません。一覧から選択してください。",
        ),
        Refusal::UnknownPermissionSet => language.pick(
            "There is no such permission set. Choose one from the list.",
            "許可セットが見つかりません。一覧から選択してください。",
        ),
        Refusal::StartInPast => language.pick(
            "The start lies in the past. Choose a later time, or leave it out.",
            "開始日時が過去です。これからの日時を指定するか、空にしてください。",
        ),
        Refusal::StartTooFar => {
            language.pick("Access can start at most 30 days from now.", "30日以内の日時を指定してください。")
        }
        Refusal::JustificationRequired => language.pick(
            "Say why you need access, in at least 10 characters.",
            "申請理由を10文字以上で入力してください。",
        ),
        Refusal::AlreadyRequested => language.pick(
            "You asked for the same already. Withdraw that request first, or wait for it to start.",
            "同じアクセスを申請済みです。その申請を取り下げるか、開始されるまで待ってください。",
        ),
        Refusal::TooManyPending => language.pick(
            "Too many of your requests are waiting. Wait for some to be reviewed, or withdraw some.",
            "承認待ちの申請が多すぎます。承認されるのを待つか、一部を取り下げてください。",
        ),
        Refusal::SelfReview => language.pick(
            "Nobody reviews their own request. Somebody else has to.",
            "自分の申請は承認・却下できません。ほかの承認者が行う必要があります。",
        ),
        Refusal::NotAReviewer => language.pick(
            "You are not one of the people who decide about this, or not any more. Thank you all the same.",
            "この申請の承認者ではないか、承認者から外れたため、操作できません。ご対応ありがとうございます。",
        ),
        Refusal::PortalOnly => language.pick(
            "By its policy this is approved in the portal only. Open it there, signed in.",
            "ポリシーにより、この申請はサインインしたポータルでのみ承認できます。",
        ),
        Refusal::Lapsed { .. } => language.pick(
            "Too late: the request has lapsed. It has to be made again.",
            "申請はすでに失効しています。改めて申請する必要があります。",
        ),
        Refusal::WrongState { .. } | Refusal::NotYet | Refusal::TooLate => language.pick(
            "This is not possible any more: the request has moved on.",
            "申請の状態が変わったため、この操作は実行できなくなりました。",
        ),
        Refusal::NotTheRequester => language
            .pick("Only the requester can withdraw a request.", "申請を取り下げられるのは申請者だけです。"),
        Refusal::MayNotRevoke => language.pick(
            "You may not end this access. The requester, an approver of it or an administrator can.",
            "このアクセスを終了する権限がありません。申請者、承認者、管理者が終了できます。",
        ),
        Refusal::IdempotencyKeyReused => language.pick(
            "This was sent before with other contents. Look at your requests, then ask again.",
            "異なる内容ですでに送信されています。自分の申請を確認してから、もう一度申請してください。",
        ),
        // The three that say more are told by the caller.
        Refusal::Ineligible { .. } | Refusal::Text(_) | Refusal::JoinedWindowTooLong { .. } => language
            .pick("The policies do not allow this request.", "ポリシーによりこの申請は許可されていません。"),
    }
}

fn malformed_text(language: Language, text: &MalformedText) -> String {
    match (language, text) {
        (Language::En, text) => capitalized(&text.to_string()),
        (Language::Ja, MalformedText::TooShort { shortest, .. }) => {
            format!("{shortest}文字以上で入力してください。")
        }
        (Language::Ja, MalformedText::TooLong { longest, .. }) => {
            format!("{longest}文字以内で入力してください。")
        }
        (Language::Ja, MalformedText::ControlCharacter { .. }) => {
            "制御文字または見えない文字が含まれています。削除してください。".to_owned()
        }
    }
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    let sentence: String =
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
    format!("{sentence}.")
}

fn reason_text(language: Language, reason: &Reason) -> String {
    match language {
        Language::En => reason.sentence(),
        Language::Ja => japanese_reason(reason),
    }
}

fn japanese_reason(reason: &Reason) -> String {
    let long = |minutes| in_words(Language::Ja, minutes);
    match reason {
        Reason::RequestsNotAccepted => {
            "現在、申請の受け付けを停止しています。再開の時期は管理者にお尋ねください。".to_owned()
        }
        Reason::RequesterDisabled => "ID ストアのユーザーが無効になっています。管理者に問い合わせてください。".to_owned(),
        Reason::AccountNotActive { .. } => {
            "アカウントが停止または解約されているため、アクセスを付与できません。別のアカウントを選択してください。".to_owned()
        }
        Reason::KarisOwnAccount => {
            "Kari 自身が動作しているアカウントのため、誰にもアクセスを付与しません。\
             別のアカウントを選択するか、Kari の運用担当者にお尋ねください。"
                .to_owned()
        }
        Reason::ManagementAccountNotDelegated => {
            "組織の管理アカウントへのアクセスは、AWS の制約により、別のアカウントで動作する Kari からは変更できません。\
             別のアカウントを選択するか、管理アカウントに Kari 用のロールを設けるよう Kari の運用担当者に依頼してください。"
                .to_owned()
        }
        Reason::NoEligibilityPolicy => {
            "このアカウントでこの許可セットを申請できるポリシーがありません。別のものを選択するか、管理者に相談してください。".to_owned()
        }
        Reason::DurationTooShort { shortest_minutes } => {
            format!("期間が短すぎます。{}以上にしてください。", long(*shortest_minutes))
        }
        Reason::DurationTooLong { longest_minutes, policy } => format!(
            "ポリシー「{}」により、最長{}までです。期間を短くしてください。",
            policy.name.as_str(),
            long(*longest_minutes)
        ),
        Reason::MaximumDurationSetting { longest_minutes } => {
            format!("アクセスは最長{}までです。期間を短くしてください。", long(*longest_minutes))
        }
        Reason::TicketRequired { .. } => "チケットが必要です。番号を入力してください。".to_owned(),
        Reason::ForbiddenByGuardrail { policy } => {
            format!("ガードレール「{}」により禁止されています。必要な場合は管理者に相談してください。", policy.name.as_str())
        }
        Reason::CappedByGuardrail { policy, minutes } => format!(
            "ガードレール「{}」により、最長{}までです。期間を短くしてください。",
            policy.name.as_str(),
            long(*minutes)
        ),
        Reason::NoApproverPolicy => {
            "承認が必要ですが、承認者を定めるポリシーがありません。管理者に承認者の設定を依頼してください。".to_owned()
        }
        Reason::TooManyApproverPolicies => {
            "1件の申請で扱える数を超える承認者ポリシーが適用されています。管理者にポリシーの統合を依頼してください。".to_owned()
        }
        Reason::NotEnoughReviewers { policy, needed, available } => format!(
            "ポリシー「{}」では、あなた以外の{needed}名の承認が必要ですが、承認できるのは{available}名です。\
             管理者に承認者の追加を依頼してください。",
            policy.name.as_str()
        ),
    }
}
