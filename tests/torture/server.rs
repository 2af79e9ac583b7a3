//! The real binary as a process of its own: started, killed, and kept from writing.

use crate::chance::Chance;
use crate::disk::Disk;
use std::collections::VecDeque;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// The server must answer within this time after its start.
const UP_WITHIN: Duration = Duration::from_secs(30);
/// Lines of its log that are kept.
const LOG_LINES: usize = 200;

pub struct Server {
    data: PathBuf,
    addr: SocketAddr,
    process: Option<Child>,
    disk: Option<Disk>,
    /// Variables of its environment.
    settings: Vec<(&'static str, String)>,
    /// Files that it may have open, when that is to be fewer than the test may.
    open_files: Option<u64>,
    log: Arc<Mutex<VecDeque<String>>>,
}

/// Without what the machine has set for another server.
fn without_settings(command: &mut Command) -> &mut Command {
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("FRONTDESK_") || name == "DATABASE_URL") {
        command.env_remove(name);
    }
    command
}

/// A port that is free now, and that no outgoing connection takes while the server is down: below those that Linux gives.
fn free_port() -> SocketAddr {
    let mut chance = Chance::new(uuid::Uuid::now_v7().as_u64_pair().1);
    let mut tries = (0..1_000).map(|_| SocketAddr::from(([127, 0, 0, 1], chance.between(10_000, 32_000) as u16)));
    tries.find(|addr| std::net::TcpListener::bind(addr).is_ok()).expect("a free port")
}

impl Server {
    /// A server that is not started yet.
    pub fn new(data: &Path) -> Self {
        Server {
            data: data.to_owned(),
            addr: free_port(),
            process: None,
            disk: None,
            settings: Vec::new(),
            open_files: None,
            log: Arc::default(),
        }
    }

    /// The same on a disk of its own.
    pub fn on(disk: Disk, data: &Path) -> Self {
        let mut server = Server::new(data);
        server.disk = Some(disk);
        server
    }

    /// The same with this variable in its environment.
    pub fn with(mut self, name: &'static str, value: String) -> Self {
        self.settings.push((name, value));
        self
    }

    /// The same with so few files that it may have open.
    pub fn with_open_files(mut self, files: u64) -> Self {
        self.open_files = Some(files);
        self
    }

    /// The disk of its own.
    pub fn disk(&self) -> &Disk {
        self.disk.as_ref().expect("a server that was made with one")
    }

    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Starts it and waits until it answers.
    pub async fn start(&mut self) {
        let binary = env!("CARGO_BIN_EXE_frontdesk");
        let (addr, data) = (self.addr.to_string(), self.data.to_string_lossy().into_owned());
        // A write beyond what is allowed is to fail, not to kill. And root would write into read-only files.
        let is_root = fs::metadata(&self.data).is_ok_and(|data| data.uid() == 0);
        let obey = if is_root { "setpriv --bounding-set=-all --inh-caps=-all" } else { "" };
        let files = self.open_files.map_or(String::new(), |files| format!("ulimit -n {files};"));
        let script = format!("trap '' XFSZ; {files} exec {obey} \"$0\" \"$@\"");
        let mut command = Command::new("sh");
        command.args(["-c", &script, binary, "serve", "--addr", &addr, "--data", &data]);
        without_settings(&mut command).env("FRONTDESK_TRUSTED_PROXIES", "127.0.0.1").env("RUST_LOG", "warn");
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        if let Some(disk) = &self.disk {
            disk.stand_before(&mut command);
        }
        let mut process =
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("a process");
        let (stderr, log) = (process.stderr.take().expect("its log"), self.log.clone());
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                let mut log = log.lock().unwrap();
                if log.len() == LOG_LINES {
                    log.pop_front();
                }
                log.push_back(line);
            }
        });
        self.process = Some(process);
        let began = Instant::now();
        while crate::http::get(self.addr, "/healthz").await.ok().is_none_or(|(status, _)| status != 200) {
            let ended = self.process.as_mut().and_then(|process| process.try_wait().ok().flatten());
            assert!(ended.is_none(), "the server does not start: {:?}", self.log());
            assert!(began.elapsed() < UP_WITHIN, "the server does not answer: {:?}", self.log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Ends it in the middle of whatever it does.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().expect("it is killed");
            process.wait().expect("it has ended");
        }
    }

    /// Asks it to stop, and waits for that.
    pub async fn stop(&mut self) {
        let Some(mut process) = self.process.take() else { return };
        run("kill", &["-TERM", &process.id().to_string()]);
        let status = tokio::task::spawn_blocking(move || process.wait()).await;
        let status = status.expect("a thread").expect("it has ended");
        assert!(status.success(), "stopped with {status}: {:?}", self.log());
    }

    /// A full disk: from now on no file can be written beyond this many bytes. `None` makes room again.
    pub fn limit_files(&self, bytes: Option<u64>) {
        let Some(process) = &self.process else { return };
        let limit = bytes.map_or("unlimited".to_owned(), |bytes| bytes.to_string());
        run("prlimit", &["--pid", &process.id().to_string(), &format!("--fsize={limit}:")]);
    }

    /// Its memory in KiB as Linux counts it: `VmRSS` is what it has now, `VmHWM` the most that it ever had.
    pub fn memory(&self, which: &str) -> u64 {
        let process = self.process.as_ref().expect("a server that runs");
        let status = fs::read_to_string(format!("/proc/{}/status", process.id())).expect("its status");
        let line = status.lines().find_map(|line| line.strip_prefix(which)?.strip_prefix(':'));
        line.and_then(|line| line.split_whitespace().next()?.parse().ok()).expect("a number of KiB")
    }

    /// The last lines of its log.
    pub fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().iter().cloned().collect()
    }

    /// What another command of the binary does with the same data.
    pub fn beside(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("it runs")
    }

    /// The same, to be run.
    pub fn command(&self, arguments: &[&str]) -> Command {
        frontdesk(&self.data, arguments)
    }
}

/// A command of the binary with this data.
pub fn frontdesk(data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_frontdesk"));
    without_settings(&mut command).args(arguments).arg("--data").arg(data);
    command
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// More open files than any test needs.
const MOST_FILES: u64 = 50_000;

/// Raises how many files the test and the servers that it starts may have open as far as that goes, and returns it.
pub fn raise_open_files() -> u64 {
    let own = std::process::id().to_string();
    let limit = run("prlimit", &["--pid", &own, "--nofile", "--raw", "--noheadings", "--output", "HARD"]);
    let most: u64 = limit.trim().parse().expect("a number of files");
    let most = most.min(MOST_FILES);
    run("prlimit", &["--pid", &own, &format!("--nofile={most}:")]);
    most
}

fn run(program: &str, arguments: &[&str]) -> String {
    let done = Command::new(program).args(arguments).output().expect("it runs");
    assert!(done.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).into_owned()
}
