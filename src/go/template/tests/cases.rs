//! Templates and what kubectl does with them.

/// The recorded cases of the group `template`: what kubectl prints, or the error after `error: `.
pub(super) const RECORDED: &[(&str, Result<&str, &str>)] = &[
    ("{{.kind}}", Ok("List")),
    ("{{len .items}}", Ok("3")),
    ("{{range $i, $s := .items}}{{if $i}}, {{end}}{{$s.metadata.name}}{{end}}", Ok("a, b, c")),
    ("{{range .items}}{{with .metadata.labels}}{{.app}}{{else}}none{{end}};{{end}}", Ok("y;<no value>;x;")),
    (
        "{{range .items}}{{if and .data (eq .type \"Opaque\")}}{{.metadata.name}}{{else if .data}}other{{else}}empty{{end}} {{end}}",
        Ok("other empty c "),
    ),
    ("{{(index .items 0).metadata.name}}", Ok("a")),
    (
        "{{range .items}}{{range $k, $v := .data}}{{$k}}={{$v | base64decode}}\n{{end}}{{end}}",
        Ok("k=a\nz=2\nk=c\ntls.crt=x\n"),
    ),
    ("{{- range .items -}} {{ .metadata.name }} {{- end -}}", Ok("abc")),
    ("{{/* comment */}}x", Ok("x")),
    ("{{printf \"%-5s|%5s|%q|%v\" \"a\" \"b\" \"c\" .kind}}", Ok("a    |    b|\"c\"|List")),
    ("{{len \"abc\"}} {{slice \"abcdef\" 1 3}}", Ok("3 bc")),
    ("{{eq 1 1}} {{ne 1 2}} {{lt 1 2}} {{le 2 2}} {{gt 3 2}} {{ge 3 3}}", Ok("true true true true true true")),
    ("{{eq .kind \"List\" \"x\"}}", Ok("true")),
    ("{{not true}} {{or false \"x\"}} {{and 1 0}}", Ok("false x 0")),
    ("{{block \"b\" .kind}}<{{.}}>{{end}}", Ok("<List>")),
    ("{{range .items}}{{if eq .metadata.name \"b\"}}{{break}}{{end}}{{.metadata.name}}{{end}}", Ok("a")),
    ("{{range .nope}}x{{else}}nothing{{end}}", Ok("nothing")),
    ("{{(index .items 0).metadata.labels}}", Ok("map[app:y env:prod]")),
    ("{{.apiVersion}}", Ok("v1")),
    ("{{.apiVersion}}", Ok("v1")),
    (
        "{{index .items 9}}",
        Err(
            "error executing template \"{{index .items 9}}\": template: output:1:2: executing \"output\" at <index .items 9>: error calling index: index out of range: 9",
        ),
    ),
    ("{{index (index .items 2).data \"tls.crt\"}}", Ok("eA==")),
    ("{{\"YQ==\" | base64decode | printf \"%s!\"}}", Ok("a!")),
    ("{{if}}", Err("error parsing template {{if}}, template: output:1: missing value for if")),
    ("{{range .items}}", Err("error parsing template {{range .items}}, template: output:1: unexpected EOF")),
    ("{{.kind", Err("error parsing template {{.kind, template: output:1: unclosed action")),
    ("{{\"unclosed}}", Err("error parsing template {{\"unclosed}}, template: output:1: unterminated quoted string")),
    (
        "{{template \"nope\"}}",
        Err(
            "error executing template \"{{template \\\"nope\\\"}}\": template: output:1:11: executing \"output\" at <{{template \"nope\"}}>: template \"nope\" not defined",
        ),
    ),
    ("{{`raw \\n`}}", Ok("raw \\n")),
    ("{{'a'}}", Ok("97")),
    ("{{range 3}}{{.}}{{end}}", Ok("012")),
    ("{{with $m := .kind}}{{$m}}{{end}}", Ok("List")),
    (
        "{{len nil}}",
        Err(
            "error executing template \"{{len nil}}\": template: output:1:2: executing \"output\" at <len nil>: error calling len: reflect: call of reflect.Value.Type on zero Value",
        ),
    ),
];

/// Templates on [`super::object`]: what kubectl printed, and the error that stopped it.
pub(super) const MORE: &[(&str, &str, Option<&str>)] = &[
    (
        "{{.metadata.generation}} {{.f}} {{.big}} {{.nil}} {{.l}} {{.nope}} {{.nope.deeper}}",
        "7 1.5 1.2345678901234567e+19 <no value> [1 a <nil> map[n:2 x:true] map[n:3]] <no value> <no value>",
        None,
    ),
    (
        "{{printf \"%T %T %T %T %T %T %T\" .metadata.generation 1 1.5 .l .data .kind (index \"a\" 0)}}",
        "int64 int float64 []interface {} map[string]interface {} string uint8",
        None,
    ),
    (
        "{{printf \"%d|%5d|%-5d|%05d|%+d|% d|%x|%X|%#x|%o|%#o|%O|%b|%c|%q|%U|%#U\" 42 42 42 42 42 42 42 42 42 42 42 42 42 97 97 97 97}}",
        "42|   42|42   |00042|+42| 42|2a|2A|0x2a|52|052|0o52|101010|a|'a'|U+0061|U+0061 'a'",
        None,
    ),
    (
        "{{printf \"%s|%5s|%-5s|%.1s|%q|%+q|%#q|%x|% x|%#X|%05s\" \"hé\" \"hé\" \"hé\" \"hé\" \"hé\" \"hé\" \"hé\" \"hé\" \"hé\" \"hé\" \"hé\"}}",
        "hé|   hé|hé   |h|\"hé\"|\"h\\u00e9\"|`hé`|68c3a9|68 c3 a9|0X68C3A9|000hé",
        None,
    ),
    (
        "{{printf \"%v|%+v|%#v|%s|%d\" .data .data .data .l .l}}",
        "map[bad:@@ bin://79 k:dg== pad:dg= tls.crt:eA==]|map[bad:@@ bin://79 k:dg== pad:dg= tls.crt:eA==]|map[string]interface {}{\"bad\":\"@@\", \"bin\":\"//79\", \"k\":\"dg==\", \"pad\":\"dg=\", \"tls.crt\":\"eA==\"}|[%!s(int64=1) a <nil> map[n:%!s(int64=2) x:%!s(bool=true)] map[n:%!s(int64=3)]]|[1 %!d(string=a) <nil> map[%!d(string=n):2 %!d(string=x):%!d(bool=true)] map[%!d(string=n):3]]",
        None,
    ),
    (
        "{{printf \"%#v %#v %#v %#v\" .l 1 \"a\" nil}}",
        "[]interface {}{1, \"a\", interface {}(nil), map[string]interface {}{\"n\":2, \"x\":true}, map[string]interface {}{\"n\":3}} 1 \"a\" <nil>",
        None,
    ),
    ("{{printf \"%t|%v|%5t|%d\" true false true true}}", "true|false| true|%!d(bool=true)", None),
    (
        "{{printf \"%e|%f|%g|%.2f|%8.3f|%-8.1f|%+.1e|%08.2f|%b\" 1.5 1.5 1.5 1.5 1.5 1.5 1.5 -1.5 1.5}}",
        "1.500000e+00|1.500000|1.5|1.50|   1.500|1.5     |+1.5e+00|-0001.50|6755399441055744p-52",
        None,
    ),
    (
        "{{printf \"%d %s\" \"hi\" 3}}{{printf \"%d\"}}{{printf \"%d\" 1 2 \"x\"}}{{printf \"%!\"}}{{printf \"%z\" 1}}{{printf \"100%%\"}}",
        "%!d(string=hi) %!s(int=3)%!d(MISSING)1%!(EXTRA int=2, string=x)%!!(MISSING)%!z(int=1)100%",
        None,
    ),
    (
        "{{printf \"%[2]d %[1]d\" 1 2}}{{printf \"%[3]d\" 1}}{{printf \"%[x]d\" 1}}{{printf \"%*d|%-*d|%.*f\" 5 42 5 42 1 2.25}}{{printf \"%*d\" \"a\" 1}}",
        "2 1%!d(BADINDEX)%!d(BADINDEX)   42|42   |2.2%!(BADWIDTH)1",
        None,
    ),
    (
        "{{print 1 2 \"a\" 3 4}}{{print nil}}{{println 1 \"a\" nil .nope}}{{print \"a\" \"b\"}}",
        "1 2a3 4<nil>1 a <nil> <nil>\nab",
        None,
    ),
    (
        "{{printf \"%v %v\" 2i 1+2i}}{{print 'a' '\\n' 0x1F 0b11 017 1_000 1e3 .5}}",
        "(0+2i) (1+2i)97 10 31 3 15 1000 1000 0.5",
        None,
    ),
    (
        "{{html .s}}|{{js .s}}|{{urlquery .s}}|{{html 1 2 .nope}}",
        "hé&#34;\n&lt;&amp;&#39;=\u{1}|hé\\\"\\u000A\\u003C\\u0026\\'\\u003D\\u0001|h%C3%A9%22%0A%3C%26%27%3D%01|1 2&lt;no value&gt;",
        None,
    ),
    ("{{len .l}}{{len .data}}{{len .s}}{{\"abc\" | len}}{{len \"é\"}}", "551032", None),
    (
        "{{index .l 3 \"n\"}}{{index .data \"tls.crt\"}}{{index .data \"nope\"}}{{index \"abc\" 1}}{{index .l}}",
        "2eA==<no value>98[1 a <nil> map[n:2 x:true] map[n:3]]",
        None,
    ),
    ("{{slice .l 1 2}}{{slice \"abcdef\" 1 3}}{{slice \"abc\" 1}}{{slice .l 0 1 2}}", "[a]bcbc[1]", None),
    (
        "{{index .l 9}}",
        "",
        Some("template: output:1:2: executing \"output\" at <index .l 9>: error calling index: index out of range: 9"),
    ),
    (
        "{{index .l 5}}",
        "",
        Some(
            "template: output:1:2: executing \"output\" at <index .l 5>: error calling index: reflect: slice index out of range",
        ),
    ),
    (
        "{{index .l \"x\"}}",
        "",
        Some(
            "template: output:1:2: executing \"output\" at <index .l \"x\">: error calling index: cannot index slice/array with type string",
        ),
    ),
    (
        "{{index .data 1}}",
        "",
        Some(
            "template: output:1:2: executing \"output\" at <index .data 1>: error calling index: value has type int; should be string",
        ),
    ),
    (
        "{{index .nope 1}}",
        "",
        Some(
            "template: output:1:2: executing \"output\" at <index .nope 1>: error calling index: index of untyped nil",
        ),
    ),
    (
        "{{index .nil 1}}",
        "",
        Some("template: output:1:2: executing \"output\" at <index .nil 1>: error calling index: index of untyped nil"),
    ),
    (
        "{{index 1 1}}",
        "",
        Some(
            "template: output:1:2: executing \"output\" at <index 1 1>: error calling index: can't index item of type int",
        ),
    ),
    (
        "{{index .l 2 \"x\"}}",
        "",
        Some(
            "template: output:1:2: executing \"output\" at <index .l 2 \"x\">: error calling index: index of nil pointer",
        ),
    ),
    (
        "{{slice .l 3 1}}",
        "",
        Some(
            "template: output:1:2: executing \"output\" at <slice .l 3 1>: error calling slice: invalid slice index: 3 > 1",
        ),
    ),
    (
        "{{slice \"abc\" 0 1 2}}",
        "",
        Some(
            "template: output:1:2: executing \"output\" at <slice \"abc\" 0 1 2>: error calling slice: cannot 3-index slice a string",
        ),
    ),
    (
        "{{slice 1}}",
        "",
        Some(
            "template: output:1:2: executing \"output\" at <slice 1>: error calling slice: can't slice item of type int",
        ),
    ),
    (
        "{{len 1}}",
        "",
        Some("template: output:1:2: executing \"output\" at <len 1>: error calling len: len of type int"),
    ),
    (
        "{{len .nil}}",
        "",
        Some("template: output:1:2: executing \"output\" at <len .nil>: error calling len: len of nil pointer"),
    ),
    (
        "{{len .nope}}",
        "",
        Some(
            "template: output:1:2: executing \"output\" at <len .nope>: error calling len: reflect: call of reflect.Value.Type on zero Value",
        ),
    ),
    (
        "{{not 0}}{{not \"a\"}}{{and 1 0 2}}{{or 0 \"\" \"x\"}}{{and}}",
        "truefalse0x",
        Some(
            "template: output:1:50: executing \"output\" at <and>: wrong number of args for and: want at least 1 got 0",
        ),
    ),
    (
        "{{and true (index .l 99)}}",
        "",
        Some(
            "template: output:1:12: executing \"output\" at <index .l 99>: error calling index: index out of range: 99",
        ),
    ),
    ("{{or true (index .l 99)}}{{and false (index .l 99)}}", "truefalse", None),
    (
        "{{eq 1 1.0}}",
        "",
        Some(
            "template: output:1:2: executing \"output\" at <eq 1 1.0>: error calling eq: incompatible types for comparison: int and float64",
        ),
    ),
    (
        "{{eq 1 2 3 1}}{{eq .metadata.generation 7}}{{eq \"a\" \"a\"}}{{ne 1 2}}{{eq .nil nil}}{{eq .nope nil}}{{eq .kind nil}}{{eq (index \"a\" 0) 97}}",
        "truetruetruetruetruetruefalsetrue",
        None,
    ),
    (
        "{{eq 1}}",
        "",
        Some("template: output:1:2: executing \"output\" at <eq 1>: error calling eq: missing argument for comparison"),
    ),
    (
        "{{eq .data .kind}}",
        "",
        Some(
            "template: output:1:2: executing \"output\" at <eq .data .kind>: error calling eq: incompatible types for comparison: map[string]interface {} and string",
        ),
    ),
    ("{{lt 1 2}}{{lt \"a\" \"b\"}}{{le 2 2}}{{gt 1.5 0.5}}{{ge 2 3}}", "truetruetruetruefalse", None),
    (
        "{{lt true false}}",
        "",
        Some(
            "template: output:1:2: executing \"output\" at <lt true false>: error calling lt: invalid type for comparison",
        ),
    ),
    (
        "{{lt .data .data}}",
        "",
        Some(
            "template: output:1:2: executing \"output\" at <lt .data .data>: error calling lt: invalid type for comparison",
        ),
    ),
    (
        "{{lt 1 \"a\"}}",
        "",
        Some(
            "template: output:1:2: executing \"output\" at <lt 1 \"a\">: error calling lt: incompatible types for comparison: int and string",
        ),
    ),
    ("{{base64decode .data.k}}{{.data.k | base64decode | printf \"%s!\"}}", "vv!", None),
    (
        "{{base64decode .data.bad}}",
        "",
        Some(
            "template: output:1:2: executing \"output\" at <base64decode .data.bad>: error calling base64decode: base64 decode failed: illegal base64 data at input byte 0",
        ),
    ),
    (
        "{{base64decode .data.pad}}",
        "",
        Some(
            "template: output:1:2: executing \"output\" at <base64decode .data.pad>: error calling base64decode: base64 decode failed: illegal base64 data at input byte 3",
        ),
    ),
    (
        "{{base64decode .data}}",
        "",
        Some(
            "template: output:1:15: executing \"output\" at <.data>: wrong type for value; expected string; got map[string]interface {}",
        ),
    ),
    (
        "{{base64decode .nil}}",
        "",
        Some(
            "template: output:1:15: executing \"output\" at <.nil>: wrong type for value; expected string; got interface {}",
        ),
    ),
    (
        "{{base64decode .nope}}",
        "",
        Some("template: output:1:15: executing \"output\" at <.nope>: invalid value; expected string"),
    ),
    ("{{base64decode 1}}", "", Some("template: output:1:15: executing \"output\" at <1>: expected string; found 1")),
    (
        "{{base64decode nil}}",
        "",
        Some("template: output:1:15: executing \"output\" at <nil>: cannot assign nil to string"),
    ),
    (
        "{{base64decode}}",
        "",
        Some(
            "template: output:1:2: executing \"output\" at <base64decode>: wrong number of args for base64decode: want 1 got 0",
        ),
    ),
    (
        "{{exists . \"data\" \"k\"}}{{exists . \"data\" \"nope\"}}{{exists .l 9}}{{exists .l 0}}{{exists .nil}}{{exists .kind 0}}",
        "truefalsefalsetruetruetrue",
        None,
    ),
    (
        "{{call .kind 1}}",
        "",
        Some(
            "template: output:1:2: executing \"output\" at <call .kind 1>: error calling call: non-function .kind of type string",
        ),
    ),
    (
        "{{call nil}}",
        "",
        Some("template: output:1:2: executing \"output\" at <call nil>: error calling call: call of nil"),
    ),
    (
        "{{.kind.foo}}",
        "",
        Some(
            "template: output:1:7: executing \"output\" at <.kind.foo>: can't evaluate field foo in type interface {}",
        ),
    ),
    (
        "{{$x := .kind}}{{$x.foo}}",
        "",
        Some("template: output:1:19: executing \"output\" at <$x.foo>: can't evaluate field foo in type string"),
    ),
    (
        "{{.nil.foo}}",
        "",
        Some("template: output:1:6: executing \"output\" at <.nil.foo>: nil pointer evaluating interface {}.foo"),
    ),
    ("{{(index .l 3).n}}{{(.metadata).name}}", "2x", None),
    (
        "{{.kind 1}}",
        "",
        Some("template: output:1:2: executing \"output\" at <.kind>: kind is not a method but has arguments"),
    ),
    (
        "{{1 | .kind}}",
        "",
        Some("template: output:1:6: executing \"output\" at <.kind>: kind is not a method but has arguments"),
    ),
    ("{{1 2}}", "", Some("template: output:1:2: executing \"output\" at <1>: can't give argument to non-function 1")),
    ("{{nil}}", "", Some("template: output:1:2: executing \"output\" at <nil>: nil is not a command")),
    ("{{1 | 2}}", "", Some("template: output:1: non executable command in pipeline stage 2")),
    (
        "{{range .l}}[{{.}}]{{end}}{{range $i, $e := .l}}{{$i}}{{end}}{{range $k, $v := .data}}{{$k}}={{$v}};{{end}}{{range $e := .l}}{{$e}}{{end}}",
        "[1][a][<no value>][map[n:2 x:true]][map[n:3]]01234bad=@@;bin=//79;k=dg==;pad=dg=;tls.crt=eA==;1a<no value>map[n:2 x:true]map[n:3]",
        None,
    ),
    (
        "{{range 3}}{{.}}{{end}}{{range $i := 2}}{{$i}}{{end}}{{range 0}}{{else}}none{{end}}{{range .nil}}{{else}}none{{end}}{{range .metadata.generation}}.{{end}}",
        "01201nonenone.......",
        None,
    ),
    (
        "{{range $i, $e := 3}}{{end}}",
        "",
        Some("template: output:1:18: executing \"output\" at <3>: can't use 3 to iterate over more than one variable"),
    ),
    (
        "{{range 1.5}}{{end}}",
        "",
        Some("template: output:1:8: executing \"output\" at <1.5>: range can't iterate over 1.5"),
    ),
    ("{{range .l}}{{if not .}}{{continue}}{{end}}{{.}}{{break}}{{end}}", "1", None),
    (
        "{{$x := 1}}{{range .l}}{{$x = .}}{{end}}{{$x}}{{$y := 2}}{{if true}}{{$y := 3}}{{$y = 4}}{{end}}{{$y}}",
        "map[n:3]2",
        None,
    ),
    ("{{range $x := .l}}{{with $y := $x}}{{$y}}{{else}}-{{end}}{{end}}", "1a-map[n:2 x:true]map[n:3]", None),
    (
        "{{if .nope}}a{{else if .nil}}b{{else}}c{{end}}{{with .nope}}a{{else with .kind}}{{.}}{{else}}c{{end}}",
        "cSecret",
        None,
    ),
    (
        "{{define \"x\"}}<{{.}}{{$}}>{{end}}{{template \"x\" .kind}}{{template \"x\"}}{{block \"y\" 1}}{{.}}{{end}}",
        "<SecretSecret><<no value><no value>>1",
        None,
    ),
    (
        "{{define \"x\"}}{{index .l 9}}{{end}}a{{template \"x\" .}}",
        "a",
        Some("template: output:1:16: executing \"x\" at <index .l 9>: error calling index: index out of range: 9"),
    ),
    (
        "{{template \"nope\"}}",
        "",
        Some("template: output:1:11: executing \"output\" at <{{template \"nope\"}}>: template \"nope\" not defined"),
    ),
    (
        "{{define \"x\"}}a{{end}}{{define \"x\"}}b{{end}}",
        "",
        Some("template: output:1: template: multiple definition of template \"x\""),
    ),
    ("{{define \"x\"}}{{end}}{{define \"x\"}}b{{end}}{{template \"x\"}}", "b", None),
    ("a {{- /* c */ -}} b{{- 1 -}} c {{2 -}}  d  {{- 3}}", "ab1c 2d3", None),
    ("{{\"a\" -}} {{- \"b\"}}{{- \"\"}}", "ab", None),
    ("{{`a\\n`}}{{\"a\\tb\\x41\\u00e9\\\"\" | printf \"%q\"}}", "a\\n\"a\\tbAé\\\"\"", None),
    ("{{.", "", Some("template: output:1: illegal number syntax: \".\"")),
    ("{{", "", Some("template: output:1: unclosed action")),
    ("{{.kind", "", Some("template: output:1: unclosed action")),
    ("{{\"a", "", Some("template: output:1: unterminated quoted string")),
    ("{{`a", "", Some("template: output:1: unterminated raw quoted string")),
    ("{{'a", "", Some("template: output:1: unterminated character constant")),
    ("{{'ab'}}", "", Some("template: output:1: malformed character constant: 'ab'")),
    ("{{1x}}", "", Some("template: output:1: bad number syntax: \"1x\"")),
    ("{{99999999999999999999}}", "", Some("template: output:1: integer overflow: \"99999999999999999999\"")),
    (
        "{{9223372036854775808}}",
        "",
        Some("template: output:1:2: executing \"output\" at <9223372036854775808>: 9223372036854775808 overflows int"),
    ),
    ("{{(1}}", "", Some("template: output:1: unclosed left paren")),
    ("{{1)}}", "", Some("template: output:1: unexpected right paren")),
    ("{{nofn 1}}", "", Some("template: output:1: function \"nofn\" not defined")),
    ("{{$x}}", "", Some("template: output:1: undefined variable \"$x\"")),
    ("{{$x = 1}}", "", Some("template: output:1:7: executing \"output\" at <1>: undefined variable: $x")),
    ("{{$x := $x}}", "", Some("template: output:1:8: executing \"output\" at <$x>: undefined variable: $x")),
    ("{{$x, $y := 1}}", "", Some("template: output:1: too many declarations in command")),
    ("{{range $x, 1}}{{end}}", "", Some("template: output:1: range can only initialize variables")),
    ("{{range $x, $y, $z := .l}}{{end}}", "", Some("template: output:1: too many declarations in range")),
    ("{{end}}", "", Some("template: output:1: unexpected {{end}}")),
    ("{{else}}", "", Some("template: output:1: unexpected {{else}}")),
    ("{{if}}{{end}}", "", Some("template: output:1: missing value for if")),
    ("{{if 1}}{{else}}{{else}}{{end}}", "", Some("template: output:1: expected end; found {{else}}")),
    ("{{range .l}}", "", Some("template: output:1: unexpected EOF")),
    ("{{break}}", "", Some("template: output:1: {{break}} outside {{range}}")),
    ("{{range .l}}{{break 1}}{{end}}", "", Some("template: output:1: unexpected \"1\" in {{break}}")),
    ("{{define}}{{end}}", "", Some("template: output:1: unexpected \"}}\" in define clause")),
    ("{{if 1}}{{define \"x\"}}{{end}}{{end}}", "", Some("template: output:1: unexpected <define> in command")),
    ("{{template}}", "", Some("template: output:1: unexpected \"}}\" in template clause")),
    ("{{template 1}}", "", Some("template: output:1: unexpected \"1\" in template clause")),
    ("{{block \"x\"}}{{end}}", "", Some("template: output:1: missing value for block clause")),
    ("{{1.n}}", "", Some("template: output:1: bad number syntax: \"1.n\"")),
    ("{{\"s\".n}}", "", Some("template: output:1: unexpected . after term \"\\\"s\\\"\"")),
    ("{{nil.n}}", "", Some("template: output:1: unexpected . after term \"nil\"")),
    ("{{. .n}}{{..n}}", "", Some("template: output:1: unexpected . after term \".\"")),
    ("{{a-b}}", "", Some("template: output:1: bad character U+002D '-'")),
    ("{{.a-b}}", "", Some("template: output:1: bad character U+002D '-'")),
    ("{{.data.tls.crt}}{{.é}}", "<no value><no value>", None),
    ("{{@}}", "", Some("template: output:1: unexpected \"@\" in command")),
    ("{{é}}", "", Some("template: output:1: function \"é\" not defined")),
    ("{{#}}", "", Some("template: output:1: unexpected \"#\" in command")),
    ("{{1 | | 2}}", "", Some("template: output:1: unexpected \"|\" in command")),
    ("{{|}}", "", Some("template: output:1: unexpected \"|\" in command")),
    ("{{:}}", "", Some("template: output:1: expected :=")),
    ("{{=}}", "", Some("template: output:1: unexpected \"=\" in command")),
    ("{{\"\\q\"}}", "", Some("template: output:1: invalid syntax")),
    ("{{/* a}}", "", Some("template: output:1: unclosed comment")),
    ("{{/* a */ b}}", "", Some("template: output:1: comment ends before closing delimiter")),
    (
        "{{\"aaaaaaaaaaaaaaaaaaa\"}}{{end \"aaaaaaaaaaaaaaaaaaa\"}}",
        "",
        Some("template: output:1: unexpected \"\\\"aaaaaaaaa\"... in end"),
    ),
    (
        "{{$é := 1}}{{$é}}{{$}}",
        "1map[apiVersion:v1 big:1.2345678901234567e+19 data:map[bad:@@ bin://79 k:dg== pad:dg= tls.crt:eA==] f:1.5 kind:Secret l:[1 a <nil> map[n:2 x:true] map[n:3]] metadata:map[annotations:map[a:b] generation:7 labels:map[app:y] name:x] nil:<nil> s:hé\"\n<&'=\u{1} t:true]",
        None,
    ),
    (
        "{{len.x}}",
        "",
        Some("template: output:1:2: executing \"output\" at <len>: wrong number of args for len: want 1 got 0"),
    ),
    (
        "{{(len .l).x}}",
        "",
        Some("template: output:1:7: executing \"output\" at <.l>: can't evaluate field x in type int"),
    ),
    (
        "{{not}}",
        "",
        Some("template: output:1:2: executing \"output\" at <not>: wrong number of args for not: want 1 got 0"),
    ),
    (
        "{{not 1 2}}",
        "",
        Some("template: output:1:2: executing \"output\" at <not>: wrong number of args for not: want 1 got 2"),
    ),
    (
        "{{len}}",
        "",
        Some("template: output:1:2: executing \"output\" at <len>: wrong number of args for len: want 1 got 0"),
    ),
    (
        "{{index}}",
        "",
        Some(
            "template: output:1:2: executing \"output\" at <index>: wrong number of args for index: want at least 1 got 0",
        ),
    ),
    (
        "{{print 1 | len 2}}",
        "",
        Some("template: output:1:12: executing \"output\" at <len>: wrong number of args for len: want 1 got 2"),
    ),
    ("{{printf 1}}", "", Some("template: output:1:9: executing \"output\" at <1>: expected string; found 1")),
    (
        "{{printf .l}}",
        "",
        Some(
            "template: output:1:9: executing \"output\" at <.l>: wrong type for value; expected string; got []interface {}",
        ),
    ),
    ("{{true}}{{false | not}}", "truetrue", None),
    ("{{ 1 | printf \"%d\" | printf \"%s-%s\" \"a\" }}", "a-1", None),
    ("{{html \"<\" | js}}", "\\u0026lt;", None),
    (
        "{{if\n.kind}}a{{end}}\n{{index .l\n 9}}",
        "a\n",
        Some("template: output:3:2: executing \"output\" at <index .l 9>: error calling index: index out of range: 9"),
    ),
    ("{{.kind\n\n\"a", "", Some("template: output:3: unterminated quoted string in action started at output:1")),
    (
        "a\nb\n  {{.kind.foo}}",
        "a\nb\n  ",
        Some(
            "template: output:3:9: executing \"output\" at <.kind.foo>: can't evaluate field foo in type interface {}",
        ),
    ),
    ("{{- \" \n\" -}}\n\n {{end}}", "", Some("template: output:1: unterminated quoted string")),
    ("{{range .l}}\n{{if 1}}", "", Some("template: output:2: unexpected EOF")),
    ("{{`a\nb`}}{{end}}", "", Some("template: output:2: unexpected {{end}}")),
    ("{{/* x\n */}}{{end}}", "", Some("template: output:2: unexpected {{end}}")),
    ("{{\n.kind }", "", Some("template: output:2: unexpected \"}\" in operand")),
    ("{{\"x\"\n\n", "", Some("template: output:3: unclosed action started at output:1")),
    ("{{/* a\nb */}}{{\"x\"}}", "x", None),
];

/// As [`MORE`]: found by comparing generated templates with kubectl.
pub(super) const FOUND: &[(&str, &str, Option<&str>)] = &[
    (
        "{{slice .s 0 .metadata.generation}}",
        "",
        Some(
            "template: output:1:2: executing \"output\" at <slice .s 0 .metadata.generation>: error calling slice: cannot index slice/array with type interface {}",
        ),
    ),
    ("{{block \"b\" .}}\n\n{{else}}{{end}}", "", Some("template: output:1: unexpected {{else}} in block clause")),
];
