//! E-mail by the real program, to a server that speaks SMTP and keeps what it takes.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kari_local::smtp::Smtp;
use kari_mail::{Letter, Postman, SendError};
use serde_json::{Value, json};

use crate::eventually::eventually;
use crate::support::{kari, ok, start};

const ALICE: &str = "alice.martin@hinode.example";
const BOB: &str = "bob.fischer@hinode.example";
const MISAKI: &str = "misaki.takahashi@hinode.example";
const HANAKO: &str = "hanako.sato@hinode.example";
/// An account in which a team lead has to agree.
const ACCOUNT: &str = "210000000011";

/// No answer: the connection is closed.
const GONE: &str = "";

/// A letter as the server took it.
#[derive(Debug, Clone, Default)]
struct Taken {
    from: String,
    to: String,
    /// Headers and parts, as they were sent.
    data: String,
}

#[derive(Default)]
struct Post {
    taken: Mutex<Vec<Taken>>,
    /// What recipients are answered with, where it is not that they are taken.
    refuses: Mutex<BTreeMap<String, &'static str>>,
}

/// An SMTP server on this machine, as far as RFC 5321 has it: one thread for each connection.
struct Server {
    post: Arc<Post>,
    port: u16,
}

impl Server {
    fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let post = Arc::new(Post::default());
        let server = Self { post: Arc::clone(&post), port: listener.local_addr().unwrap().port() };
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let post = Arc::clone(&post);
                std::thread::spawn(move || converse(&post, stream.unwrap()));
            }
        });
        server
    }

    fn taken_by(&self, address: &str) -> Vec<Taken> {
        let taken = self.post.taken.lock().unwrap();
        taken.iter().filter(|taken| taken.to == address).cloned().collect()
    }

    fn refuses(&self, address: &str, answer: Option<&'static str>) {
        let mut refuses = self.post.refuses.lock().unwrap();
        match answer {
            Some(answer) => refuses.insert(address.to_owned(), answer),
            None => refuses.remove(address),
        };
    }

    /// A file of secrets that leads here.
    fn secrets(&self, folder: &Path) -> PathBuf {
        let file = folder.join("mail.json");
        let url = format!("smtp://kari:hush@127.0.0.1:{}", self.port);
        let text = json!({"smtp_url": url, "from": "Kari <kari@hinode.example>"}).to_string();
        std::fs::write(&file, text).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        file
    }
}

/// One conversation, from the greeting to the end.
fn converse(post: &Post, stream: TcpStream) {
    let mut out = stream.try_clone().unwrap();
    let mut say = |line: &str| out.write_all(format!("{line}\r\n").as_bytes()).is_ok();
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let (mut letter, mut known) = (Taken::default(), false);
    say("220 post.example ESMTP");
    while let Some(line) = lines.next() {
        let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
        let address = || rest.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
        match verb {
            "EHLO" => say("250-post.example\r\n250-8BITMIME\r\n250 AUTH PLAIN"),
            "AUTH" => {
                known = rest == format!("PLAIN {}", STANDARD.encode("\0kari\0hush"));
                say(if known { "235 welcome" } else { "535 who are you" })
            }
            "MAIL" if !known => say("530 sign in first"),
            "MAIL" => {
                letter = Taken { from: address(), ..Taken::default() };
                say("250 ok")
            }
            "RCPT" => {
                letter.to = address();
                match post.refuses.lock().unwrap().get(&letter.to).copied() {
                    Some(GONE) => return,
                    answer => say(answer.unwrap_or("250 ok")),
                }
            }
            "DATA" => {
                say("354 go on");
                let sent = lines.by_ref().take_while(|line| line != ".");
                letter.data =
                    sent.map(|line| line.strip_prefix('.').unwrap_or(&line).to_owned() + "\n").collect();
                post.taken.lock().unwrap().push(letter.clone());
                say("250 taken")
            }
            "QUIT" => return,
            _ => say("250 ok"),
        };
    }
}

/// The parts of a letter by their type, decoded.
fn parts(taken: &Taken) -> BTreeMap<String, String> {
    let boundary =
        format!("--{}", taken.data.split("boundary=\"").nth(1).unwrap().split('"').next().unwrap());
    let parts = taken.data.split(&boundary).skip(1).filter(|part| !part.starts_with("--"));
    let read = |part: &str| {
        let (headers, words) = part.trim_start().split_once("\n\n").unwrap();
        let kind = headers.split("Content-Type: ").nth(1).unwrap().split(';').next().unwrap().to_owned();
        let words = if headers.contains("base64") {
            String::from_utf8(STANDARD.decode(words.split_whitespace().collect::<String>()).unwrap()).unwrap()
        } else if headers.contains("quoted-printable") {
            quoted_printable(words)
        } else {
            words.to_owned()
        };
        // As lines end on their way.
        (kind, words.replace("\r\n", "\n"))
    };
    parts.map(read).collect()
}

fn quoted_printable(words: &str) -> String {
    let words = words.replace("=\n", "");
    let mut rest = words.as_bytes();
    let mut bytes = vec![];
    while let [first, more @ ..] = rest {
        if let (b'=', [a, b, after @ ..]) = (first, more) {
            let digits = String::from_utf8(vec![*a, *b]).unwrap();
            bytes.push(u8::from_str_radix(&digits, 16).unwrap());
            rest = after;
        } else {
            bytes.push(*first);
            rest = more;
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn letter(to: &str) -> Letter {
    Letter {
        to: to.to_owned(),
        subject: "アクセスの準備ができました: 本番".to_owned(),
        text: "本番 <b>\n.\n.. and on\n".to_owned(),
        html: "<p>本番 &lt;b&gt;</p>".to_owned(),
    }
}

#[tokio::test]
async fn a_letter_arrives_as_it_was_written_as_text_and_as_html() {
    let (server, home) = (Server::new(), tempfile::tempdir().unwrap());
    let smtp = Smtp::of_file(&server.secrets(home.path())).unwrap();
    smtp.send(&letter(ALICE)).await.unwrap();
    let taken = server.taken_by(ALICE).remove(0);
    assert_eq!(taken.from, "kari@hinode.example");
    assert!(taken.data.contains("From: Kari <kari@hinode.example>\n"), "{}", taken.data);
    assert!(taken.data.contains("Subject: =?utf-8?b?"), "{}", taken.data);
    assert!(taken.data.contains("multipart/alternative") && taken.data.contains("\nDate: "));
    let parts = parts(&taken);
    assert_eq!(parts["text/plain"].trim_end(), "本番 <b>\n.\n.. and on");
    assert_eq!(parts["text/html"].trim_end(), "<p>本番 &lt;b&gt;</p>");
}

#[tokio::test]
async fn what_a_server_never_takes_is_told_from_what_it_does_not_take_now_and_from_not_being_let_in() {
    let (server, home) = (Server::new(), tempfile::tempdir().unwrap());
    let secrets = server.secrets(home.path());
    let smtp = Smtp::of_file(&secrets).unwrap();
    for (answer, expected) in [
        ("550 no such person", "letter smtp-550"),
        ("554 no", "letter smtp-554"),
        ("530 sign in first", "account smtp-530"),
        ("451 later", "later"),
        ("421 closing", "nobody there"),
        (GONE, "nobody there"),
    ] {
        server.refuses(ALICE, Some(answer));
        assert_eq!(why(&smtp.send(&letter(ALICE)).await.unwrap_err()), expected, "{answer}");
    }
    let text = std::fs::read_to_string(&secrets).unwrap();
    std::fs::write(&secrets, text.replace("kari:hush", "kari:wrong")).unwrap();
    let stranger = Smtp::of_file(&secrets).unwrap();
    assert_eq!(why(&stranger.send(&letter(BOB)).await.unwrap_err()), "account smtp-535");
    for nobody in ["", "alice", "alice@", "alice@example.com\r\nBcc: eve@example.com"] {
        let refused = smtp.send(&letter(nobody)).await.unwrap_err();
        assert!(matches!(refused, SendError::Permanent { .. }), "{nobody}");
    }
    assert!(server.taken_by(ALICE).is_empty());
    let closed =
        Server { port: TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port(), ..server };
    let smtp = Smtp::of_file(&closed.secrets(home.path())).unwrap();
    assert_eq!(why(&smtp.send(&letter(BOB)).await.unwrap_err()), "nobody there");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_takes_connections_and_says_nothing_is_waited_for_for_minutes_and_then_for_less() {
    let (silent, home) = (TcpListener::bind("127.0.0.1:0").unwrap(), tempfile::tempdir().unwrap());
    let server = Server { post: Arc::default(), port: silent.local_addr().unwrap().port() };
    let smtp = Smtp::of_file(&server.secrets(home.path())).unwrap();
    assert_eq!(why(&smtp.send(&letter(BOB)).await.unwrap_err()), "no answer");
    for _ in 0..2 {
        assert_eq!(why(&smtp.send(&letter(BOB)).await.unwrap_err()), "nobody there", "no letter goes there");
    }
}

/// What was refused, and the code.
fn why(refused: &SendError) -> String {
    match refused {
        SendError::Permanent { code } => format!("letter {code}"),
        SendError::Account { code } => format!("account {code}"),
        SendError::Transient(_) => "later".to_owned(),
        SendError::Unreachable(_) => "nobody there".to_owned(),
        SendError::Unanswered(_) => "no answer".to_owned(),
    }
}

struct Stage {
    server: Server,
    process: Child,
    origin: String,
    data: tempfile::TempDir,
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

impl Stage {
    /// Kari with e-mail on.
    fn new() -> Self {
        let (server, data) = (Server::new(), tempfile::tempdir().unwrap());
        let secrets = format!("--mail-secrets={}", server.secrets(data.path()).display());
        let arguments = ["serve", "--port=0", "--seed=7", &secrets];
        let (process, origin) = start(&arguments, &data.path().join("kari"));
        let stage = Self { server, process, origin, data };
        let before = stage.ok("GET", "/v1/settings", "hanako", &Value::Null, 0);
        let mut settings = before["settings"].clone();
        settings["channels"]["email"] = true.into();
        stage.ok("PUT", "/v1/settings", "hanako", &settings, before["version"].as_u64().unwrap());
        stage
    }

    fn ok(&self, method: &str, path: &str, user: &str, body: &Value, version: u64) -> Value {
        ok(&self.origin, &self.data.path().join("kari"), method, path, user, body, version)
    }

    /// Alice asks. Returns the id.
    fn ask(&self) -> String {
        let sets = self.ok("GET", "/v1/directory/permission-sets?limit=200", "hanako", &Value::Null, 0);
        let mut sets = sets["items"].as_array().unwrap().iter();
        let set = &sets.find(|set| set["name"] == "PowerUserAccess").unwrap()["arn"];
        let wanted = json!({
            "accounts": [ACCOUNT], "permission_set": set, "duration_minutes": 60,
            "justification": "障害対応のため <b>本番</b> を確認します",
        });
        let asked = self.ok("POST", "/v1/requests", "alice", &wanted, 0);
        asked["results"][0]["request"]["id"].as_str().unwrap().to_owned()
    }

    fn recorded(&self) -> Vec<Value> {
        let found = self.ok("GET", "/v1/audit?kind=undeliverable", "hanako", &Value::Null, 0);
        found["items"].as_array().unwrap().iter().map(|item| item["data"].clone()).collect()
    }
}

#[test]
fn people_are_told_by_e_mail_with_a_link_and_whoever_takes_none_is_recorded_and_holds_up_nobody() {
    let stage = Stage::new();
    let me = stage.ok("GET", "/v1/me", "hanako", &Value::Null, 0);
    assert_eq!(me["channels"], json!(["email"]), "a channel that is set up is offered");
    stage.server.refuses(MISAKI, Some("550 no such person"));
    stage.server.refuses(HANAKO, Some("451 later"));
    let id = stage.ask();
    eventually("a reviewer has it", || !stage.server.taken_by(BOB).is_empty());
    let said = parts(&stage.server.taken_by(BOB)[0]);
    let link = format!("{}/requests/{id}", stage.origin);
    for kind in ["text/plain", "text/html"] {
        assert!(said[kind].contains(&link) && said[kind].contains("(210000000011)"), "{}", said[kind]);
    }
    assert!(said["text/plain"].contains("<b>本番</b>"), "{}", said["text/plain"]);
    assert!(said["text/html"].contains("&lt;b&gt;本番&lt;/b&gt;"), "{}", said["text/html"]);

    eventually("whoever takes nothing is recorded", || !stage.recorded().is_empty());
    stage.server.refuses(HANAKO, None);
    eventually("whoever could not be reached has it later", || {
        stage.server.taken_by(HANAKO).iter().any(|taken| parts(taken)["text/plain"].contains(&link))
    });
    let recorded = stage.recorded();
    assert_eq!(recorded.len(), 1, "{recorded:?}");
    assert_eq!(recorded[0]["code"], "smtp-550");
    assert_eq!(stage.server.taken_by(BOB).len(), 1, "once, whatever was repeated");

    stage.ok("POST", &format!("/v1/requests/{id}/approve"), "bob", &json!({}), 0);
    eventually("the requester hears that it is approved, and that it is ready", || {
        stage.server.taken_by(ALICE).len() == 2
    });
}

#[test]
fn secrets_that_others_can_read_are_refused_at_the_start() {
    let (server, home) = (Server::new(), tempfile::tempdir().unwrap());
    let secrets = server.secrets(home.path());
    std::fs::set_permissions(&secrets, std::fs::Permissions::from_mode(0o644)).unwrap();
    let mut command = kari();
    command.args(["serve", "--port", "0", "--mail-secrets"]).arg(&secrets);
    let output = command.arg("--data-dir").arg(home.path().join("kari")).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("chmod 600") && !said.contains("hush"), "{said}");
}
