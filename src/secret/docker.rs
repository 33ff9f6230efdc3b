//! Registry credentials as `kubectl create secret docker-registry` encodes them: Go's JSON, with members in the order
//! of the Go types.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

use super::Value;
use go::json_write::push_string;

/// kubectl's default registry.
pub const DEFAULT_SERVER: &str = "https://index.docker.io/v1/";

/// The credentials for one registry.
#[derive(Clone, Copy)]
pub struct Login<'a> {
    /// The registry as it is in the file: a host, `host:port` or a URL.
    pub server: &'a str,
    /// The user.
    pub username: &'a str,
    /// The password.
    pub password: &'a str,
    /// An e-mail address, which old registries required; omitted if it is empty.
    pub email: &'a str,
}

impl Login<'_> {
    /// Returns the content of `.dockerconfigjson`: `{"auths":{SERVER:{…}}}`, without white space.
    pub fn config_json(&self) -> Value {
        let mut text = self.room();
        text.push_str("{\"auths\":");
        self.push_servers(&mut text);
        text.push('}');
        Value::new(text)
    }

    /// Returns the content of `.dockercfg`, the older form: `{SERVER:{…}}`.
    pub fn config(&self) -> Value {
        let mut text = self.room();
        self.push_servers(&mut text);
        Value::new(text)
    }

    /// Returns a string with capacity for every escape. Why: growing would leave an unwiped copy of the password
    /// behind.
    fn room(&self) -> String {
        let size = self.server.len() + self.username.len() + self.password.len() + self.email.len();
        String::with_capacity(8 * size + 80)
    }

    fn push_servers(&self, text: &mut String) {
        let plain = Zeroizing::new(format!("{}:{}", self.username, self.password));
        let auth = Zeroizing::new(STANDARD.encode(plain.as_bytes()));
        text.push('{');
        push_string(text, self.server);
        text.push_str(":{");
        let fields =
            [("username", self.username), ("password", self.password), ("email", self.email), ("auth", auth.as_str())];
        let mut first = true;
        for (field, value) in fields.into_iter().filter(|(_, value)| !value.is_empty()) {
            if !std::mem::take(&mut first) {
                text.push(',');
            }
            push_string(text, field);
            text.push(':');
            push_string(text, value);
        }
        text.push_str("}}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login<'a>(username: &'a str, password: &'a str, email: &'a str) -> Login<'a> {
        Login { server: "r.example:5000", username, password, email }
    }

    #[test]
    fn writes_as_kubectl() {
        for (login, expected) in [
            (
                login("tiger", "pass113", "tiger@acme.com"),
                r#"{"auths":{"r.example:5000":{"username":"tiger","password":"pass113","email":"tiger@acme.com","auth":"dGlnZXI6cGFzczExMw=="}}}"#,
            ),
            (
                Login { server: DEFAULT_SERVER, ..login("u", "p", "") },
                r#"{"auths":{"https://index.docker.io/v1/":{"username":"u","password":"p","auth":"dTpw"}}}"#,
            ),
            (
                login("ü", "<a>&\u{2028}\"\\", ""),
                "{\"auths\":{\"r.example:5000\":{\"username\":\"ü\",\"password\":\"\\u003ca\\u003e\\u0026\\u2028\\\"\\\\\",\
                 \"auth\":\"w7w6PGE+JuKAqCJc\"}}}",
            ),
        ] {
            assert_eq!(login.config_json().expose_text(), Some(expected));
        }
        assert_eq!(
            login("u", "p", "").config().expose_text(),
            Some(r#"{"r.example:5000":{"username":"u","password":"p","auth":"dTpw"}}"#)
        );
    }
}
