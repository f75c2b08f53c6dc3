use kari_application::revoke_grant::revoke_grant;
use kari_domain::audit::Cause;
use kari_domain::ids::RequestId;
use kari_slack::views::notice;
use kari_slack::{Language, Pick};

use super::Doing;
use crate::prompt::Trouble;
use crate::{Reply, say};

/// Ends access early.
pub(super) async fn end(doing: &Doing<'_>, request: RequestId) -> Result<(), Trouble> {
    let (app, language) = (doing.app, doing.language());
    let caller = doing.somebody.ender(app, request).await;
    let caller = doing.served(caller).await?.by(doing.job.one_time());
    let revoked = match revoke_grant(&app.kari, &caller, Cause::Slack, request, None).await {
        Ok(revoked) => revoked,
        Err(refused) => {
            // NB. Whoever may not see a request learns nothing from commanding it, not even its state.
            let hidden = kari_application::browse::ensure_visible(&app.kari, &caller, request).await.err();
            let refused = hidden.unwrap_or(refused);
            doing.record(&caller, "revoke", Some(request), &refused).await;
            return Err(Trouble::failed(language, &refused));
        }
    };
    doing.refresh_home().await;
    // NB. Of what cannot be read nobody is told that it is gone, and no home shows it.
    if revoked.is_none() {
        return Err(Trouble::lasting(ended_unread(language)));
    }
    // NB. Not that it ended: that is told once it was observed.
    let text = language.pick(
        "It is being ended; you are told when it is gone. Sessions that are open may last for a while.",
        "終了処理を開始しました。完了するとお知らせします。開いているセッションはしばらく続くことがあります。",
    );
    match &doing.job.reply {
        Reply { view: Some(view), .. } => {
            if let Err(error) = say::update(app, view, None, notice(language, &[text.to_owned()])).await {
                tracing::info!(%error, "a modal was closed before it could say what came of it");
            }
        }
        // The home shows it.
        Reply { home: true, .. } => {}
        reply => {
            say::tell(app, &doing.job.by, reply, text).await;
        }
    }
    Ok(())
}

/// What was asked for is being done, and how things are nobody can tell.
fn ended_unread(language: Language) -> &'static str {
    language.pick(
        "Recorded data cannot be understood; the access is being removed all the same, and whoever runs Kari has to \
         look at the rest.",
        "記録されたデータを読み取れません。アクセスの削除は進めていますが、それ以外については Kari の運用担当者による確認が必要です。",
    )
}
