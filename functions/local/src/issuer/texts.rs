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
    pub(super) refused: &'static str,
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
    refused: "This sign-in cannot go on",
    foreign_redirect: "The answer is wanted at another address than this server’s own. Open Kari at its own address and \
                       sign in there.",
    unknown_client: "The program that asked for this sign-in is not known here. Open Kari and sign in there.",
    malformed: "What arrived here cannot be read. Open Kari and sign in there.",
    stale: "This page is out of date or was not opened by you. Open Kari and sign in again.",
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
    refused: "このサインインは続けられません",
    foreign_redirect: "応答先が、このサーバーのアドレスではありません。Kari を正しいアドレスで開き、サインインし直してください。",
    unknown_client: "このサインインを要求したプログラムは登録されていません。Kari を開いてサインインしてください。",
    malformed: "届いた内容を読み取れませんでした。Kari を開いてサインインしてください。",
    stale: "このページは古くなっているか、ご自身で開いたものではありません。Kari を開いてサインインし直してください。",
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
