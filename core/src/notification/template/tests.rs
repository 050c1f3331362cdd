//! What templates do and refuse.

use super::*;
use crate::language::Language;
use crate::notification::dates::Reader;
use proptest::prelude::*;

const fn variable(name: &'static str, example: &'static str, kind: VariableKind) -> Variable {
    Variable { name, meaning: "", example, may_be_empty: true, kind }
}

static KNOWN: [Variable; 7] = [
    variable("ticket.number", "42", VariableKind::Line),
    variable("ticket.subject", "Fire", VariableKind::Line),
    variable("contact.name", "Ada", VariableKind::Line),
    variable("page.url", "https://example.org/", VariableKind::Line),
    variable("message", "a\n\nb", VariableKind::Block),
    variable("tags", "a, b", VariableKind::List),
    variable("due", "2026-11-23T10:00:00Z", VariableKind::Time),
];

fn values() -> Values {
    Values::new()
        .with("ticket.number", "42")
        .with("ticket.subject", "Принтер <b>горит</b> & $100")
        .with("contact.name", "O'Neil")
        .with("message", "x < y\n\nz")
        .with_list("tags", ["a".to_owned(), "b<c".to_owned()])
}

fn rendered(escape: Escape, source: &str) -> String {
    Template::compile(escape, source, &KNOWN).unwrap().render(&values()).unwrap()
}

#[test]
fn variables_are_filled_in() {
    for (source, want) in [
        ("#$ticket.number: $ticket.subject.", "#42: Принтер &lt;b&gt;горит&lt;/b&gt; &amp; $100."),
        ("$$5, $5, $, {{ css }} a{b}", "$5, $5, $, {{ css }} a{b}"),
        ("${ticket.number}th ${contact.name | upper}", "42th O&#39;NEIL"),
        ("${page.url | default: \"no }page\"}", "no }page"),
        ("{% for t in tags %}[$t]{% if loop.last %}!{% endif %}{% endfor %}", "[a][b&lt;c]!"),
        ("{% if page.url %}yes{% else %}no{% endif %}", "no"),
        (
            "<p title=\"$contact.name\">$message</p>",
            "<p title=\"O&#39;Neil\"><p dir=\"auto\" style=\"margin:0 0 1em\">x &lt; y</p>\n<p dir=\"auto\" style=\"margin:0 0 1em\">z</p>\n</p>",
        ),
        ("<a href=\"$page.url\">x</a>", "<a href=\"\">x</a>"),
        ("<style>p { color: red }</style>$ticket.number", "<style>p { color: red }</style>42"),
    ] {
        assert_eq!(rendered(Escape::Html, source), want, "{source}");
    }
    assert_eq!(rendered(Escape::Text, "$ticket.subject|$message"), "Принтер <b>горит</b> & $100|x < y\n\nz");
    assert_eq!(
        rendered(Escape::Subject, "Re:\n $ticket.subject\r\n$message"),
        "Re: Принтер <b>горит</b> & $100 x < y z"
    );
}

#[test]
fn times_stand_in_the_readers_words() {
    let reader = Reader { language: Language::De, zone: jiff::tz::TimeZone::get("Europe/Berlin").unwrap() };
    let values = Values::for_reader(reader).with_time("due", "2026-11-23T10:00:00Z".parse().unwrap());
    for (source, want) in [
        ("$due", "23. November 2026 um 11:00 Uhr (CET)"),
        ("${due | date: \"short\"}", "23.11.2026 11:00"),
        ("${due | date: \"iso\"}", "2026-11-23T11:00:00+01:00"),
        ("{% if due %}${due | date: \"day\" | upper}{% endif %}", "23. NOVEMBER 2026"),
        ("${due | default: \"never\"}", "23. November 2026 um 11:00 Uhr (CET)"),
    ] {
        for escape in [Escape::Html, Escape::Text, Escape::Subject] {
            assert_eq!(Template::compile(escape, source, &KNOWN).unwrap().render(&values).unwrap(), want, "{source}");
        }
    }
    let never = Template::compile(Escape::Text, "[${due | date: \"day\"}]", &KNOWN).unwrap();
    assert_eq!(never.render(&Values::new()).unwrap(), "[]");
    for (source, want) in [
        ("${due | date: \"century\"}", "`date` knows the forms long, short, day, time, iso"),
        ("${tags | date: \"day\"}", "`date` is for times"),
    ] {
        let problems = Template::compile(Escape::Text, source, &KNOWN).unwrap_err();
        assert!(problems[0].message.contains(want), "{problems:?}");
    }
}

#[test]
fn a_body_of_a_mail_is_sanitised_in_html_and_plain_elsewhere() {
    let html = "<p onclick='x()'>Hi <b>there</b><script>alert(1)</script><img src=\"http://x.example/a.png\"></p>\u{4}";
    let body = crate::mail::SourceHtml::new(html, &crate::mail::Limits::default()).unwrap();
    let values = Values::new().with_body("message", &body, "Hi there");
    let filled = Template::compile(Escape::Html, "$message", &KNOWN).unwrap().render(&values).unwrap();
    assert!(filled.contains("Hi <b>there</b>"), "{filled}");
    for gone in ["onclick", "script", "x.example", "\u{4}"] {
        assert!(!filled.contains(gone), "{gone}: {filled}");
    }
    assert_eq!(Template::compile(Escape::Text, "$message", &KNOWN).unwrap().render(&values).unwrap(), "Hi there");
}

#[test]
fn what_may_be_empty_is_a_warning_where_nothing_stands_in_for_it() {
    for (source, want) in [
        ("$contact.name", "1:1"),
        ("ж\n${contact.name | upper}", "2:3"),
        ("${contact.name | default: \"x\"}", ""),
        ("{% if contact.name %}$contact.name{% endif %}", ""),
        ("{% if contact.name %}x{% else %}$contact.name{% endif %}", "1:33"),
        ("{% if not contact.name %}$contact.name{% endif %}", "1:26"),
        ("{% if page.url %}x{% else if contact.name %}$contact.name{% endif %}", ""),
        ("{% for tag in tags %}$tag{% endfor %}", ""),
        ("{% with contact.name as n %}$n{% endwith %}", ""),
    ] {
        let template = Template::compile(Escape::Text, source, &KNOWN).unwrap();
        let places: Vec<String> =
            template.warnings().iter().map(|warning| format!("{}:{}", warning.line, warning.column)).collect();
        assert_eq!(places.join(" "), want, "{source}");
    }
}

#[test]
fn problems_have_their_place_in_any_script() {
    for (source, line, column, length, message) in [
        ("Здравствуйте, $contact.nmae!", 1, 15, 13, "unknown variable `$contact.nmae`, did you mean `$contact.name`?"),
        ("а\nЗаявка $tikcet.number", 2, 8, 14, "unknown variable `$tikcet.number`, did you mean `$ticket.number`?"),
        (
            "ы {% if ticket.subjekt %}x{% endif %}",
            1,
            9,
            14,
            "unknown variable `$ticket.subjekt`, did you mean `$ticket.subject`?",
        ),
        ("$ticket", 1, 1, 7, "`$ticket` is not a value itself; it has parts such as `$ticket.number`"),
        ("ж ${ticket.number | uper}", 1, 21, 4, "unknown filter `uper`, did you mean `upper`?"),
        ("${ticket.number", 1, 1, 2, "`${` without `}` on the same line"),
        (
            "x {% include \"y\" %}",
            1,
            3,
            17,
            "unknown block: there are `if`, `else`, `for` and `with`, each with its `end`",
        ),
        ("<b $ticket.number>", 1, 4, 14, "inside a tag a variable must stand within quotes: attribute=\"$name\""),
        ("<b onclick='$ticket.number'>", 1, 13, 14, "a variable cannot stand in a style or event attribute"),
        (
            "<a href=\"$contact.name\">",
            1,
            10,
            13,
            "a link must begin with https:// or mailto:, or with a variable that is a link",
        ),
        ("<script>$ticket.number</script>", 1, 9, 14, "a variable cannot stand in a style or script"),
        ("<b {% if message %}>{% endif %}$message", 1, 21, 11, "this block leaves an HTML tag or attribute open"),
    ] {
        let problems = Template::compile(Escape::Html, source, &KNOWN).unwrap_err();
        let first = &problems[0];
        assert_eq!(
            (first.line, first.column, first.length, first.message.as_str()),
            (line, column, length, message),
            "{source}"
        );
    }
}

#[test]
fn syntax_errors_are_placed_in_cyrillic_text() {
    let source = "Строка первая\nЗаявка {% if ticket.subject %} ой {% endfor %}";
    let problems = Template::compile(Escape::Text, source, &KNOWN).unwrap_err();
    assert_eq!((problems[0].line, problems[0].column), (2, 35), "{problems:?}");
}

#[test]
fn printing_a_list_is_refused_before_it_is_sent() {
    let problems = Template::compile(Escape::Text, "$tags", &KNOWN).unwrap_err();
    assert!(problems[0].message.contains("list"), "{problems:?}");
}

#[test]
fn hostile_templates_neither_overflow_nor_hang() {
    for (open, inner, close) in [
        ("{% if tags %}", "", "{% endif %}"),
        ("{% for t in tags %}", "", "{% endfor %}"),
        ("{% if ", "[", "%}"),
        ("${", "upper(", "}"),
        ("${ticket.number ", "| upper ", "}"),
        ("{% if ", "not ", "tags %}{% endif %}"),
        ("{% if tags %}", "{% else if tags %}", "{% endif %}"),
        ("", "{% with tags as t %}", ""),
        ("", "${", ""),
        ("", "$", ""),
        ("", "{%", ""),
        ("", "<a href='", ""),
    ] {
        for source in
            [format!("{open}{}{close}", inner.repeat(5_000)), format!("{}{}", open.repeat(5_000), close.repeat(5_000))]
        {
            if let Ok(template) = Template::compile(Escape::Html, &source, &KNOWN) {
                template.render(&values()).unwrap();
            }
        }
    }
}

#[test]
fn output_is_bounded() {
    let source =
        format!("{{% for a in tags %}}{{% for b in tags %}}{}{{% endfor %}}{{% endfor %}}", "x".repeat(200_000));
    let template = Template::compile(Escape::Text, &source, &KNOWN).unwrap();
    let many = Values::new().with_list("tags", (0..1_000).map(|n| n.to_string()));
    assert_eq!(template.render(&many), Err(RenderError::TooLong(LONGEST_OUTPUT)));
}

proptest! {
    #[test]
    fn no_value_leaves_its_place(value in "[<>\"'&$\\x01\\x03{}%\\PC\r\n]{0,40}") {
        let template = Template::compile(Escape::Html, "<i title=\"$ticket.subject\">${ticket.subject | upper}</i>$message", &KNOWN).unwrap();
        let html = template.render(&Values::new().with("ticket.subject", value.as_str()).with("message", value.as_str())).unwrap();
        let inner = html.strip_prefix("<i title=\"").unwrap();
        let (title, rest) = inner.split_once("\">").unwrap();
        let (text, message) = rest.split_once("</i>").unwrap();
        prop_assert!(!title.contains(['<', '>', '"']) && !text.contains(['<', '>', '"']));
        prop_assert!(!message.replace("<p dir=\"auto\" style=\"margin:0 0 1em\">", "").replace("</p>", "").replace("<br>", "").contains(['<', '>', '"']));
        let subject = Template::compile(Escape::Subject, "a $ticket.subject", &KNOWN).unwrap();
        let line = subject.render(&Values::new().with("ticket.subject", value.as_str())).unwrap();
        prop_assert!(!line.chars().any(char::is_control));
    }

    #[test]
    fn an_unknown_name_is_found_where_it_stands(before in "[a-zжü €{}\n]{0,40}", after in "[a-zж \n]{0,20}") {
        for (wrong, length) in [("$nonsense.name", 14), ("${nonsense.name | upper}", 13), ("{% if nonsense.name %}{% endif %}", 13)] {
            let source = format!("{before} {wrong} {after}");
            let problems = Template::compile(Escape::Text, &source, &KNOWN).unwrap_err();
            let found = problems.iter().find(|problem| problem.message.contains("nonsense")).unwrap();
            let line = source.split('\n').nth(found.line - 1).unwrap();
            let there: String = line.chars().skip(found.column - 1).take(found.length).collect();
            prop_assert!(found.length == length || found.length == 14, "{:?}", found);
            prop_assert!(there.trim_start_matches('$') == "nonsense.name", "{:?} in {:?}", there, source);
        }
    }

    #[test]
    fn no_value_reaches_beyond_its_line_of_text(value in "\\PC{0,20}[\\x00-\\x1f\u{85}\u{2028}\u{2029}\u{202e}\r\n]{0,6}\\PC{0,20}") {
        let values = Values::new()
            .with("ticket.subject", value.as_str())
            .with_list("tags", [value.clone()])
            .with("message", value.as_str());
        let text = "$ticket.subject|{% for t in tags %}$t{% endfor %}|end";
        let rendered = Template::compile(Escape::Text, text, &KNOWN).unwrap().render(&values).unwrap();
        prop_assert!(rendered.lines().count() == 1 && rendered.ends_with("|end"), "{:?}", rendered);
        let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202e}');
        prop_assert!(!rendered.chars().any(breaks));
        let subject = Template::compile(Escape::Subject, "$message", &KNOWN).unwrap().render(&values).unwrap();
        prop_assert!(!subject.chars().any(char::is_control) && subject.lines().count() <= 1);
    }

    #[test]
    fn any_source_is_compiled_or_refused_with_a_place_inside_it(source in "([${}%|\"<>= a-zж\n.]|\\{% |%\\}|if |endif|for |ticket\\.number|<a href=\"|\\$ticket\\.number){0,40}") {
        match Template::compile(Escape::Html, &source, &KNOWN) {
            Ok(template) => { prop_assert!(template.render(&values()).is_ok()); }
            Err(problems) => {
                prop_assert!(!problems.is_empty());
                for problem in problems {
                    let line = source.split('\n').nth(problem.line - 1).unwrap();
                    prop_assert!(problem.column <= line.chars().count() + 1);
                }
            }
        }
    }
}
