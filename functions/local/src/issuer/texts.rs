//! Every text of the sign-in page, in both languages.

use super::language::Language;

/// The texts of one language.
#[derive(Debug)]
pub(super) struct Texts {
    pub(super) title: &'static str,
    pub(super) heading: &'static str,
    pub(super) explanation: &'static str,
    pub(super) no_groups: &'static str,
    pub(super) nobody: &'static str,
    pub(super) footnote: &'static str,
    pub(super) signed_out: &'static str,
    pub(super) sign_in_again: &'static str,
    pub(super) sign_in: &'static str,
    pub(super) refused: &'static str,
    pub(super) wrong_address: &'static str,
    pub(super) foreign_redirect: &'static str,
    pub(super) unknown_client: &'static str,
    pub(super) malformed: &'static str,
    pub(super) stale: &'static str,
    pub(super) unavailable: &'static str,
}

static ENGLISH: Texts = Texts {
    title: "Sign in to Kari",
    heading: "Who are you today?",
    explanation: "This Kari runs on one machine with a simulated organization. Choose a person to sign in as; \
                  come back to see the same request through somebody else’s eyes.",
    no_groups: "no groups",
    nobody: "The organization has no people who may sign in.",
    footnote: "No passwords: this page exists only beside the simulated Identity Center.",
    signed_out: "You are signed out.",
    sign_in_again: "Sign in again",
    sign_in: "Sign in",
    refused: "This page cannot be shown",
    wrong_address: "You cannot sign in from this address",
    foreign_redirect: "This sign-in would return to another address than Kari’s.",
    unknown_client: "The address is incomplete or out of date.",
    malformed: "What arrived here cannot be read. Sign in again.",
    stale: "This page is out of date or was not opened by you. Sign in again.",
    unavailable: "The list of people cannot be read just now. Try again in a moment.",
};

static JAPANESE: Texts = Texts {
    title: "Kari にサインイン",
    heading: "今日はどなたですか？",
    explanation: "この Kari は、サンプルの組織とともに1台のマシンで動いています。サインインする人を選んでください。\
                  後から別の人としてサインインすると、同じ申請を別の立場から確認できます。",
    no_groups: "グループなし",
    nobody: "この組織にはサインインできるユーザーがいません。",
    footnote: "パスワードはありません。このページは、Identity Center（シミュレーション）を使う場合にだけ表示されます。",
    signed_out: "サインアウトしました。",
    sign_in_again: "もう一度サインインする",
    sign_in: "サインイン",
    refused: "このページを表示できません",
    wrong_address: "このアドレスからはサインインできません",
    foreign_redirect: "サインイン後の戻り先が Kari のアドレスではありません。",
    unknown_client: "アドレスが不完全か、古くなっています。",
    malformed: "届いた内容を読み取れませんでした。もう一度サインインしてください。",
    stale: "このページは古くなっているか、ご自身で開いたものではありません。もう一度サインインしてください。",
    unavailable: "ユーザーの一覧を取得できませんでした。しばらくしてから再試行してください。",
};

impl Language {
    pub(super) fn texts(self) -> &'static Texts {
        match self {
            Self::English => &ENGLISH,
            Self::Japanese => &JAPANESE,
        }
    }
}
