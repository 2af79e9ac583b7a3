//! The commands of the binary beside serving, as an operator uses them.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

fn frontdesk(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_frontdesk"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("FRONTDESK_") || name == "DATABASE_URL") {
        command.env_remove(name);
    }
    command.args(arguments);
    command
}

/// What a command does: whether it says that it went well, and all it says.
fn run(arguments: &[&str], data: &Path) -> (bool, String) {
    let output = frontdesk(arguments).arg("--data").arg(data).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

struct Server(Child);

impl Server {
    /// Starts a server and waits until it is ready.
    fn start(data: &Path) -> Self {
        let addr = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut serve = frontdesk(&["serve", "--addr", &addr.to_string()]);
        let serve = serve.arg("--data").arg(data).stdout(Stdio::null()).stderr(Stdio::null());
        let mut server = Server(serve.spawn().unwrap());
        let began = Instant::now();
        while !is_ready(addr) {
            assert!(server.0.try_wait().unwrap().is_none(), "the server does not start");
            assert!(began.elapsed() < Duration::from_secs(30), "the server does not answer");
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

fn is_ready(addr: SocketAddr) -> bool {
    let mut answer = String::new();
    TcpStream::connect(addr)
        .and_then(|mut stream| {
            stream.write_all(b"GET /readyz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")?;
            stream.read_to_string(&mut answer)
        })
        .is_ok_and(|_| answer.starts_with("HTTP/1.1 200"))
}

#[test]
fn a_backup_of_a_running_server_is_restored_over_a_killed_one() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name);
    let data = path("data");
    let archive = path("backup.tar").to_string_lossy().into_owned();
    let server = Server::start(&data);
    let add = |name: &str, data: &Path| {
        let email = format!("{name}@example.com");
        let mut add = frontdesk(&["agent", "add", "--email", &email, "--name", name, "--password-stdin"]);
        let mut child = add.arg("--data").arg(data).stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(b"a long password\n").unwrap();
        child.wait().unwrap().success()
    };
    assert!(add("grace", &data));

    let (went_well, said) = run(&["backup", &archive], &data);
    assert!(went_well && said.contains("0 chats"), "{said}");
    let (went_well, said) = run(&["backup", &archive], &data);
    assert!(!went_well && said.starts_with("frontdesk: ") && said.contains("--overwrite"), "{said}");
    let (went_well, said) = run(&["backup", &archive, "--overwrite"], &data);
    assert!(went_well, "{said}");
    let (went_well, said) = run(&["check"], &data);
    assert!(went_well && said.contains("everything is as it should be"), "{said}");

    let (went_well, said) = run(&["restore", &archive, "--move-aside"], &data);
    assert!(!went_well && said.contains("is used by another Frontdesk"), "{said}");
    let (went_well, said) = run(&["serve", "--addr", "127.0.0.1:0"], &data);
    assert!(!went_well && said.contains("is used by another Frontdesk"), "{said}");
    let elsewhere = format!("sqlite://{}", data.join("frontdesk.db").display());
    let (went_well, said) = run(&["serve", "--addr", "127.0.0.1:0", "--database-url", &elsewhere], &path("other"));
    assert!(!went_well && said.contains("is used by another Frontdesk"), "{said}");

    assert!(add("later", &data));
    drop(server);
    let (went_well, said) = run(&["restore", &archive], &data);
    assert!(!went_well && said.contains("--move-aside"), "{said}");
    let (went_well, said) = run(&["restore", &archive, "--move-aside"], &data);
    assert!(went_well && said.contains("before-restore-"), "{said}");
    let server = Server::start(&data);
    assert!(!add("grace", &data), "who was there is there again");
    assert!(add("later", &data), "who came later is not");
    drop(server);
    let (went_well, said) = run(&["check"], &data);
    assert!(went_well, "{said}");
}

#[tokio::test]
async fn a_check_that_finds_something_says_it_and_ends_with_one() {
    use sqlx::ConnectOptions as _;
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    drop(Server::start(&data));
    let file = sqlx::sqlite::SqliteConnectOptions::new().filename(data.join("frontdesk.db"));
    let mut connection = file.connect().await.unwrap();
    let sql = "INSERT INTO chat_search (rowid, visitor, text) VALUES (7, '', '')";
    sqlx::query(sql).execute(&mut connection).await.unwrap();
    drop(connection);
    let output = frontdesk(&["check"]).arg("--data").arg(&data).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], "The search knows chat 7, which has not ended or is not there.");
    assert!(lines.len() == 2 && lines[1].ends_with("one thing is wrong."), "{said}");
    let (went_well, said) = run(&["check"], &directory.path().join("nothing"));
    assert!(!went_well && said.contains("cannot be opened"), "{said}");
    assert!(!directory.path().join("nothing").exists(), "nothing was made");
}

#[test]
fn help_tells_of_every_command_and_option() {
    let help = |arguments: &[&str]| {
        let output = frontdesk(arguments).arg("--help").output().unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    let all = help(&[]);
    for command in ["serve", "agent", "backup", "restore", "check"] {
        assert!(all.contains(&format!("\n  {command} ")), "{all}");
    }
    for (command, own) in
        [("backup", vec!["<FILE>", "--overwrite"]), ("restore", vec!["<FILE>", "--move-aside"]), ("check", vec![])]
    {
        let said = help(&[command]);
        for option in own.into_iter().chain(["--data <DIR>", "--database-url <URL>", "--files <DIR>"]) {
            assert!(said.contains(option), "{command} does not tell of {option}: {said}");
        }
    }
}

#[test]
fn a_secret_that_can_be_guessed_stops_the_start_with_a_sentence_that_does_not_repeat_it() {
    let data = tempfile::tempdir().unwrap();
    let mut serve = frontdesk(&["serve", "--addr", "127.0.0.1:0"]);
    let serve = serve.env("FRONTDESK_IDENTITY_SECRET", "hunter2").arg("--data").arg(data.path());
    let output = serve.output().unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(!output.status.success());
    assert!(said.contains("FRONTDESK_IDENTITY_SECRET takes at least 32 bytes") && !said.contains("hunter2"), "{said}");
}
