//! A certificate authority after another, each beside the one before until all servers have certificates of the new one.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use libtest_mimic::Failed;
use serde_json::{Value as Json, json};

use crate::support::{
    Sandbox,
    https::{SECRETS, Serving},
    rounds,
};

/// Handshakes in each part of a rotation.
const ENOUGH: usize = 4;

/// An authority, and a server with a certificate of it. It is ended when this is dropped.
struct Server {
    child: Child,
    address: String,
    authority: String,
}

impl Server {
    fn start(sandbox: &Sandbox, number: usize) -> Result<Self, Failed> {
        let openssl = |line: &str| {
            let output = Command::new("openssl").args(line.split(' ')).current_dir(sandbox.cwd()).output()?;
            match output.status.success() {
                true => Ok::<_, Failed>(()),
                false => Err(format!("openssl {line}: {}", String::from_utf8_lossy(&output.stderr)).into()),
            }
        };
        let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
        // All authorities have one name, as they have when one is renewed.
        openssl(&format!("req -x509 {key} -keyout ca{number}.key -out ca{number}.pem -subj /CN=authority -days 2"))?;
        openssl(&format!(
            "req -x509 {key} -CA ca{number}.pem -CAkey ca{number}.key -keyout {number}.key -out {number}.pem \
             -subj /CN=localhost -addext subjectAltName=DNS:localhost -days 2"
        ))?;
        let cert = [format!("{number}.pem"), format!("{number}.key")];
        let mut child = Command::new("openssl")
            .args(["s_server", "-accept", "127.0.0.1:0", "-cert", &cert[0], "-key", &cert[1], "-www"])
            .current_dir(sandbox.cwd())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
        let address = lines.map_while(Result::ok).find_map(|line| Some(line.strip_prefix("ACCEPT ")?.to_owned()));
        let authority = fs::read_to_string(sandbox.cwd().join(format!("ca{number}.pem")))?;
        Ok(Self { child, address: address.ok_or("openssl s_server does not start")?, authority })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the Secret holds.
fn trusted(serving: &Serving) -> String {
    let (status, secret) = serving.client().ask("GET", &format!("{SECRETS}/trust"), &Json::Null).expect("an answer");
    assert_eq!(status, 200, "{secret}");
    let text = secret["data"]["ca.crt"].as_str().expect("a value");
    let bytes = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, text).expect("base64");
    String::from_utf8(bytes).expect("text")
}

/// Connects to a server, and verifies it by these authorities.
fn shake_hands(sandbox: &Sandbox, file: &str, trusted: &str, address: &str) -> Result<(), String> {
    sandbox.write(file, trusted);
    let output = Command::new("openssl")
        .args(["s_client", "-connect", address, "-servername", "localhost", "-verify_hostname", "localhost", "-brief"])
        .args(["-verify_return_error", "-no-CApath", "-no-CAstore", "-CAfile", file])
        .current_dir(sandbox.cwd())
        .stdin(Stdio::null())
        .output()
        .map_err(|error| error.to_string())?;
    match output.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

/// The clients' side: which servers are in service, and what came of it.
#[derive(Default)]
struct Service {
    addresses: Mutex<Vec<String>>,
    handshakes: AtomicUsize,
    /// With what the Secret had held a moment before.
    late: AtomicUsize,
    faults: Mutex<Vec<String>>,
    over: AtomicBool,
}

impl Service {
    /// Connects to each server in service with what the Secret holds, again and again.
    fn connect(&self, sandbox: &Sandbox, serving: &Serving) {
        while !self.over.load(Ordering::Relaxed) {
            let held = trusted(serving);
            let addresses = self.addresses.lock().expect("no panic").clone();
            for address in addresses {
                match shake_hands(sandbox, "held.pem", &held, &address) {
                    Ok(()) => drop(self.handshakes.fetch_add(1, Ordering::Relaxed)),
                    Err(_) if trusted(serving) != held => drop(self.late.fetch_add(1, Ordering::Relaxed)),
                    Err(error) => self.faults.lock().expect("no panic").push(error),
                }
            }
        }
    }

    /// Has these servers in service, and waits for a few handshakes with them.
    fn serve(&self, servers: &[&Server]) -> Result<(), Failed> {
        *self.addresses.lock().expect("no panic") = servers.iter().map(|server| server.address.clone()).collect();
        let (before, begun) = (self.handshakes.load(Ordering::Relaxed), Instant::now());
        while self.handshakes.load(Ordering::Relaxed) < before + ENOUGH {
            let faults = self.faults.lock().expect("no panic");
            if !faults.is_empty() || begun.elapsed() > Duration::from_secs(60) {
                return Err(format!("handshakes fail: {faults:?}").into());
            }
            drop(faults);
            thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }
}

pub fn replace_the_authority_while_clients_connect() -> Result<(), Failed> {
    let mut sandbox = Sandbox::bare();
    let serving = Serving::on(&sandbox, "memory", "kubeconfig");
    sandbox.set_env("KUBECONFIG", sandbox.cwd().join("kubeconfig").to_string_lossy());
    let sandbox = sandbox;
    let mut server = Server::start(&sandbox, 0)?;
    let object = json!({"metadata": {"name": "trust"}, "stringData": {"ca.crt": server.authority}});
    let (status, answer) = serving.client().ask("POST", SECRETS, &object)?;
    assert_eq!(status, 201, "{answer}");
    let service = Service::default();
    let count = rounds(3);
    let rotate = |words: &[&str]| {
        let outcome = sandbox.run(&[&["rotate", "trust"], words].concat());
        if outcome.exit == 0 { Ok(()) } else { Err(Failed::from(format!("{words:?}: {}", outcome.stderr))) }
    };
    thread::scope(|scope| {
        scope.spawn(|| service.connect(&sandbox, &serving));
        let mut play = || {
            for number in 1..=count {
                service.serve(&[&server])?;
                let next = Server::start(&sandbox, number)?;
                rotate(&[&format!("--from-file=ca.crt=ca{number}.pem"), "--overlap=bundle"])?;
                // One server after the other gets its new certificate.
                service.serve(&[&server, &next])?;
                service.serve(&[&next])?;
                rotate(&["--finish"])?;
                service.serve(&[&next])?;
                let held = trusted(&serving);
                assert_eq!(held, next.authority, "the former authority goes");
                assert!(shake_hands(&sandbox, "own.pem", &held, &server.address).is_err(), "it is trusted no longer");
                server = next;
            }
            Ok::<_, Failed>(())
        };
        let outcome = play();
        service.over.store(true, Ordering::Relaxed);
        outcome
    })?;
    let faults = service.faults.into_inner().expect("no panic");
    assert!(faults.is_empty(), "{faults:?}");
    let [handshakes, late] = [service.handshakes, service.late].map(AtomicUsize::into_inner);
    println!(
        "{count} authorities after another, {handshakes} handshakes, none failed; {late} with what was held before"
    );
    Ok(())
}
