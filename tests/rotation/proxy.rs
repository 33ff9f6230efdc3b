//! What stands between the program and the server: it passes requests on, and does something else with one of them.

use std::sync::{Arc, Mutex, PoisonError};

use rustix::process::{Pid, Signal, kill_process};

use super::{
    client::server::{Reply, Request, Server, answer_with},
    support::https::{Client, Serving},
};

/// What is done with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// The program is killed, and the request goes no further.
    KillBefore,
    /// The request is passed on, and the program killed before it has the answer.
    KillBetween,
    /// The program is killed after it has the answer.
    KillAfter,
    /// The connection ends, and the request goes no further.
    ResetBefore,
    /// The request is passed on, and the connection ends without an answer.
    ResetAfter,
    /// The request goes no further; this is the answer.
    Refuse(u16),
    /// The request is passed on; this is the answer.
    Deny(u16),
}

/// Whether a backend accepts what the Secret holds, asked after each request.
type Check = dyn Fn(&mut Client) -> Result<(), String> + Send;

#[derive(Default)]
struct Plan {
    /// How many requests came.
    count: usize,
    /// What is done, with which of them on; and whether with all that follow.
    at: Option<(usize, Act, bool)>,
    victim: Option<Pid>,
    check: Option<Box<Check>>,
    faults: Vec<String>,
}

/// The proxy.
pub struct Proxy {
    server: Server,
    plan: Arc<Mutex<Plan>>,
}

impl Proxy {
    /// Starts one before a server.
    pub fn before(serving: &Serving) -> Self {
        let plan = Arc::new(Mutex::new(Plan::default()));
        let (of_server, client) = (Arc::clone(&plan), Mutex::new(serving.client()));
        let server = Server::plain(move |request| {
            let mut client = client.lock().unwrap_or_else(PoisonError::into_inner);
            reply(request, &mut client, &mut of_server.lock().unwrap_or_else(PoisonError::into_inner))
        });
        Self { server, plan }
    }

    /// The URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.server.address)
    }

    /// Begins to count anew, and does this with the request of this number, or with all from it on.
    pub fn arm(&self, at: Option<(usize, Act, bool)>) {
        let mut plan = self.plan.lock().expect("no panic");
        *plan = Plan { at, check: plan.check.take(), ..Plan::default() };
    }

    /// Asks this after each request.
    pub fn check(&self, check: impl Fn(&mut Client) -> Result<(), String> + Send + 'static) {
        self.plan.lock().expect("no panic").check = Some(Box::new(check));
    }

    /// Starts the program that is killed. Invariant: no request of it is answered before its number is known.
    pub fn start<C>(&self, start: impl FnOnce() -> (C, Pid)) -> C {
        let mut plan = self.plan.lock().expect("no panic");
        let (child, pid) = start();
        plan.victim = Some(pid);
        child
    }

    /// How many requests came since [`Proxy::arm`], and what the check found.
    pub fn seen(&self) -> (usize, Vec<String>) {
        let plan = self.plan.lock().expect("no panic");
        (plan.count, plan.faults.clone())
    }
}

fn reply(request: &Request, client: &mut Client, plan: &mut Plan) -> Reply {
    plan.count += 1;
    let act = plan.at.filter(|(number, _, all)| plan.count == *number || (*all && plan.count > *number));
    let act = act.map(|(_, act, _)| act);
    let victim = plan.victim;
    let kill = move || {
        let victim = victim.expect("a program");
        kill_process(victim, Signal::KILL).expect("SIGKILL");
    };
    match act {
        Some(Act::KillBefore) => {
            kill();
            return Reply::Close(Vec::new());
        }
        Some(Act::ResetBefore) => return Reply::Close(Vec::new()),
        Some(Act::Refuse(status)) => return refusal(status),
        _ => {}
    }
    let answer = pass_on(request, client);
    if let Some(Err(fault)) = plan.check.as_ref().map(|check| check(client)) {
        plan.faults.push(format!("after {}: {fault}", request.target()));
    }
    match act {
        None => Reply::Bytes(answer),
        Some(Act::KillAfter) => Reply::Then(answer, Box::new(kill)),
        Some(Act::Deny(status)) => refusal(status),
        Some(act) => {
            if act == Act::KillBetween {
                kill();
            }
            Reply::Close(Vec::new())
        }
    }
}

/// Has the server answer a request.
pub fn pass_on(request: &Request, client: &mut Client) -> Vec<u8> {
    let (method, path) = request.target().split_once(' ').expect("a path");
    let headers = ["content-type", "accept"].map(|name| match request.header(name) {
        Some(value) => format!("{name}: {value}\r\n"),
        None => String::new(),
    });
    let (status, body) = client.send(method, path, &headers.concat(), &request.body).expect("the server answers");
    match answer_with(&status.to_string(), "Content-Type: application/json\r\n", body) {
        Reply::Bytes(answer) => answer,
        _ => unreachable!("an answer is bytes"),
    }
}

/// An answer of an API server that fails or is busy.
fn refusal(status: u16) -> Reply {
    let reason = match status {
        409 => "Conflict",
        429 => "TooManyRequests",
        503 => "ServiceUnavailable",
        _ => "InternalError",
    };
    let body = serde_json::json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": "as the test has it",
        "reason": reason, "code": status,
    });
    let retry = if status == 429 { "Retry-After: 1\r\n" } else { "" };
    answer_with(&status.to_string(), &format!("Content-Type: application/json\r\n{retry}"), body.to_string())
}
