//! The rules: codes that stay what they are, and what each means.
//!
//! KS1xx are rules of the API server, KS2xx what a type needs, KS3xx bytes that are seldom meant, KS4xx references to
//! Secrets, KS5xx several Secrets together. A code is never used again for something else.

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Worth knowing.
    Info,
    /// Probably not what was meant.
    Warning,
    /// Does not work.
    Error,
}

impl Level {
    /// Returns its word: `info`, `warning`, `error`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A rule.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its code: `KS301`.
    pub code: &'static str,
    /// Its name, in the form of SARIF: `FinalNewline`.
    pub name: &'static str,
    /// How bad it is.
    pub level: Level,
    /// What it finds.
    pub what: &'static str,
    /// Why that is wrong.
    pub why: &'static str,
    /// What to do about it, in a sentence.
    pub remedy: &'static str,
}

macro_rules! rules {
    ($($code:ident $name:ident $level:ident $what:literal $why:literal $remedy:literal)*) => {
        $(
            #[doc = $what]
            pub static $code: Rule = Rule {
                code: stringify!($code),
                name: stringify!($name),
                level: Level::$level,
                what: $what,
                why: $why,
                remedy: $remedy,
            };
        )*

        /// All rules, by code.
        pub static ALL: &[&Rule] = &[$(&$code),*];
    };
}

rules! {
    KS101 Undecodable Error
        "a field has the wrong type, or a value of data is not base64"
        "The API server refuses the object."
        "Write base64 in data, or plain text in quotes in stringData."
    KS102 UnknownField Error
        "a field that a Secret does not have"
        "kubectl and ksecret ask for strict validation, and the API server refuses the object; else the field is dropped."
        "Correct its name, or remove it."
    KS103 Metadata Error
        "a name, label, annotation or another field of the metadata is invalid"
        "The API server refuses the object."
        "Change the field."
    KS104 KeyName Error
        "the name of a key is invalid"
        "The API server refuses the object: a key becomes the name of a file."
        "Use letters, digits, '-', '_' and '.'."
    KS105 RequiredKey Error
        "a key or an annotation that the type requires is missing"
        "The API server refuses the object."
        "Add it, or use the type Opaque."
    KS106 TooLarge Error
        "the values have more than 1 MiB"
        "The API server refuses the object."
        "Store less, or divide it among several Secrets."
    KS107 DockerJson Error
        "a docker config is not a JSON object"
        "The API server refuses the object."
        "Make it anew with create docker-registry."
    KS108 NearlyTooLarge Warning
        "the values have more than 90% of 1 MiB"
        "The next value that grows is refused, and a client-side apply of kubectl needs twice the size."
        "Store less, or divide it among several Secrets."
    KS109 RefusedUpdate Error
        "the change from what is on the server is refused"
        "A type never changes, and neither do the values of an immutable Secret. Looked at with --against-server."
        "Delete the Secret and make it anew, or give the new one another name."

    KS201 KeyPair Error
        "certificate and private key do not belong together, or cannot be read"
        "No server starts with them."
        "Make the Secret anew with create tls, which checks the pair."
    KS202 Expired Error
        "a certificate has expired"
        "Clients refuse it."
        "Renew it."
    KS203 ExpiresSoon Warning
        "a certificate expires soon; --expiry-warn says how soon"
        "Clients refuse it from then on."
        "Renew it."
    KS204 NotYetValid Error
        "a certificate is not valid yet"
        "Clients refuse it until then."
        "Wait, or look at the clock of the machine that made it."
    KS205 ChainOrder Error
        "a certificate of the chain is not the issuer of the one before it"
        "Servers send the chain as it stands, and strict clients refuse one out of order."
        "Put the certificate first, then its issuer, and so on."
    KS206 ChainIncomplete Info
        "the certificate stands alone, and is not its own issuer"
        "Clients that do not have its issuer already refuse it."
        "Append the intermediate certificates, unless the issuer is a root that clients trust."
    KS207 NoNames Warning
        "a server's certificate has no subject alternative names"
        "Clients no longer read the common name, and refuse it."
        "Make a certificate with names."
    KS208 LockedTlsKey Error
        "the private key is locked by a passphrase"
        "What mounts the Secret does not know the passphrase."
        "Unlock it: openssl pkey -in FILE."
    KS209 WrongCa Warning
        "ca.crt does not hold the issuer of the chain"
        "Clients that trust ca.crt refuse the certificate."
        "Put the issuer into ca.crt."
    KS211 SshKey Error
        "the value is no private key for SSH"
        "ssh refuses it."
        "Store the file that ssh-keygen writes, not the one that ends with .pub."
    KS212 LockedSshKey Warning
        "the SSH key is locked by a passphrase"
        "What mounts the Secret has to know the passphrase; --skip=KS212 if it does."
        "Unlock a copy: ssh-keygen -p -f FILE."
    KS213 SshKeyEnd Error
        "the SSH key does not end with a newline"
        "OpenSSH refuses the file: error in libcrypto, or invalid format."
        "Add the newline."
    KS221 NoRegistry Warning
        "a docker config has no registry"
        "No image is pulled with it."
        "Add a login with create docker-registry."
    KS222 BadAuth Error
        "auth of a registry is not the base64 of USER:PASSWORD"
        "The kubelet refuses the whole config."
        "Make it anew with create docker-registry."
    KS223 AuthDisagrees Error
        "auth of a registry is of another user or password than the ones beside it"
        "One program takes the one, another program the other."
        "Make it anew with create docker-registry."
    KS224 DockerHub Warning
        "a registry is Docker Hub, spelled otherwise than https://index.docker.io/v1/"
        "The kubelet or other tools do not find the login."
        "Spell it https://index.docker.io/v1/."
    KS225 NoLogin Error
        "a registry has no user or no password"
        "Images are pulled without a login."
        "Make it anew with create docker-registry."
    KS226 CredentialHelper Error
        "a docker config names a credential helper"
        "The kubelet runs none: the login is not in the Secret."
        "Make it anew with create docker-registry."
    KS231 HalfLogin Warning
        "a basic-auth has no user name or no password, or an empty one"
        "The API server asks for one of the two, what uses the Secret mostly for both."
        "Add the other."
    KS232 ColonInUser Error
        "the user name of a basic-auth has a colon"
        "What stands behind it is sent as part of the password."
        "Change the user name."
    KS241 TokenName Error
        "the name of a bootstrap token is not bootstrap-token-ID of its token-id"
        "The token authenticates no one."
        "Name the Secret after the token."
    KS242 TokenNamespace Error
        "a bootstrap token is not in kube-system"
        "The token authenticates no one."
        "Create it in kube-system."
    KS243 TokenParts Error
        "token-id is not 6, or token-secret not 16 characters of a-z and 0-9"
        "The token authenticates no one."
        "Make a token: kubeadm token generate."
    KS244 TokenExpired Error
        "a token has expired"
        "It authenticates no one; the token cleaner deletes it."
        "Make a new one."
    KS245 TokenExpiry Error
        "the end of a bootstrap token is not a time in the form of RFC 3339"
        "The token counts as expired."
        "Write it as 2030-01-02T15:04:05Z."
    KS246 TokenUsage Warning
        "a bootstrap token has no usage with the value true"
        "It is used for nothing."
        "Set usage-bootstrap-authentication or usage-bootstrap-signing to true."
    KS247 TokenGroups Error
        "a group of auth-extra-groups does not begin with system:bootstrappers:"
        "The token authenticates no one."
        "Correct the group."
    KS251 TokenOfOther Warning
        "the token is of another service account than the annotation says"
        "Programs act as another account than the Secret promises."
        "Delete the Secret and make it anew."
    KS252 TokenMissing Warning
        "a service account's token has not been filled in"
        "The service account does not exist, or no controller runs."
        "Create the service account first, and then the Secret."

    KS301 FinalNewline Warning
        "a value of one line ends with a newline"
        "The newline is part of the password, and of the environment variable."
        "Write the value without it: printf, or echo -n."
    KS302 CarriageReturns Warning
        "lines end with CR LF"
        "Programs on Linux take the carriage return for a part of the line."
        "Save the file with the line ends of Unix."
    KS303 ByteOrderMark Warning
        "a value begins with a byte order mark"
        "Programs take it for a part of the value, and JSON and PEM cannot be read."
        "Save the file without it."
    KS304 OddSpace Warning
        "a value has spaces that look like others, or like nothing"
        "They come from web pages and documents, and are not the bytes that were meant."
        "Type the value anew."
    KS305 SmartQuotes Warning
        "a value of one line, or JSON, has typographic quotes"
        "They come from a document, where straight ones were meant."
        "Type the value anew."
    KS306 DoubledBase64 Warning
        "a value is base64 of text"
        "It was encoded twice: programs read the base64, not the text."
        "Put the text into stringData, or encode it once."
    KS307 Placeholder Warning
        "a value is a placeholder"
        "It stands for the value that was to be put there."
        "Put the value there."
    KS308 CollapsedPem Error
        "PEM has spaces or \\n where lines should end"
        "Nothing reads it."
        "Store the file as it is: --from-file."
    KS309 CutJson Error
        "JSON ends early"
        "Nothing reads it."
        "Store the whole of it."
    KS310 BadJson Warning
        "the value of a key that ends with .json is no JSON"
        "What reads the file fails."
        "Correct it."
    KS311 EmptyValue Warning
        "a value is empty"
        "A variable was probably unset where the Secret was made."
        "Set the value, or remove the key."
    KS312 NotUtf8 Error
        "a value that is text by its type is not UTF-8"
        "What uses it reads other characters, or refuses it."
        "Save the file as UTF-8."
    KS313 Ciphertext Error
        "a value is encrypted by sops"
        "Programs get the ciphertext."
        "Decrypt it before: sops -d FILE."
    KS314 SpaceAround Warning
        "a value of one line begins or ends with a space"
        "It was probably copied with it."
        "Type the value anew."
    KS315 Quoted Info
        "a value of one line is in quotes"
        "The quotes are part of the value; files for docker and Kubernetes need none."
        "Remove them, unless they are meant."

    KS401 MissingSecret Error
        "an object names a Secret that is not there"
        "The Pod does not start. Looked at with --against-server."
        "Create the Secret, or set optional."
    KS402 SecretNotInFiles Warning
        "an object names a Secret that is not among the files"
        "The Pod does not start, unless the Secret is on the server: --against-server asks."
        "Create the Secret, or set optional."
    KS403 MissingKey Error
        "an object names a key that the Secret does not have"
        "The Pod does not start."
        "Add the key, or set optional."
    KS404 SkippedKeys Warning
        "envFrom takes a Secret with keys that begin with a digit"
        "The kubelet up to Kubernetes 1.33 skips them."
        "Rename the keys."
    KS405 UnusableVariables Info
        "envFrom takes a Secret with keys that a shell cannot use as variables"
        "The variables are there, but $NAME does not reach them."
        "Rename the keys: letters, digits and '_'."
    KS406 WrongType Error
        "an object names a Secret of a type that it cannot use"
        "The kubelet ignores an imagePullSecret that is no docker config; an Ingress needs tls.crt and tls.key."
        "Name another Secret."
    KS407 BadVariable Error
        "a value that becomes an environment variable has a zero byte"
        "The container does not start."
        "Mount the value as a file."

    KS501 SameValue Info
        "two Secrets have the same value"
        "Who has the one has the other; both must be changed together."
        "Give each its own value."
    KS502 TwiceInFiles Error
        "the same Secret stands twice in the files"
        "The later one replaces the earlier one."
        "Remove one of them."
}

/// Returns the rule of a code.
pub fn of(code: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|rule| rule.code.eq_ignore_ascii_case(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_ascend_and_say_something() {
        assert!(ALL.windows(2).all(|pair| pair[0].code < pair[1].code));
        for rule in ALL {
            assert!(rule.why.ends_with('.') || rule.why.ends_with("asks."), "{}", rule.code);
            assert!(rule.remedy.ends_with('.') && !rule.what.ends_with('.'), "{}", rule.code);
            assert_eq!(of(rule.code), Some(*rule));
        }
    }
}
