//! The policy of `cargo xtask review`: where it is read, and what it does to formats and statuses.

use crate::common::{NOTES, Workspace};
use crate::review::{changed, git, repository};
use insta::assert_snapshot;
use serde_json::Value;

/// The fingerprint of the one breaking change of [`changed`].
fn breaking(workspace: &Workspace) -> String {
    let run = workspace.run(&["review", "v1", "--format", "json"]);
    let object: Value = serde_json::from_str(&run.stdout).unwrap();
    let found = &object["findings"][0];
    assert_eq!(found["severity"], "breaking");
    found["fingerprint"].as_str().unwrap().to_owned()
}

fn accepting(fingerprint: &str, until: &str) -> String {
    format!(
        "accept:\n  - fingerprint: {fingerprint}\n    reason: Nobody reads `author` @team.\n    until: \
         {until}\n"
    )
}

#[test]
fn what_a_change_accepts_of_itself_is_said() {
    let workspace = repository(&changed());
    let policy = accepting(&breaking(&workspace), "9999-12-31");
    workspace.write("openapi.review.yaml", &policy);
    // The client of the head breaks callers for all that.
    let shown = |arguments: &[&str]| workspace.run(arguments).report();
    assert_snapshot!("review_accepted", shown(&["review", "v1"]));
    let markdown = shown(&["review", "v1", "--format", "markdown"]);
    assert!(markdown.contains("accepted until 9999\\-12\\-31 \\(decided by this change itself\\)"));
    assert!(
        markdown.contains("Nobody reads `author` @&#8203;team."),
        "{markdown}"
    );
    let html = shown(&["review", "v1", "--format", "html"]);
    assert!(html.contains("accepted until 9999-12-31 (decided by this change itself)"));
    let sarif = workspace.run(&["review", "v1", "--format", "sarif"]).stdout;
    let log: Value = serde_json::from_str(&sarif).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let suppressed: Vec<_> = results
        .iter()
        .filter(|r| r.get("suppressions").is_some())
        .collect();
    assert_eq!(suppressed.len(), 1);
    assert_eq!(
        suppressed[0]["ruleId"],
        "response-required-property-removed"
    );
    let github = shown(&["review", "v1", "--format", "github"]);
    let of_rule = |run: &str| -> String {
        let mut lines = run.lines();
        let line = lines.find(|line| line.contains("title=response-required-property-removed"));
        line.unwrap_or_default().to_owned()
    };
    let command = of_rule(&github);
    assert!(command.starts_with("::notice "), "{github}");
    assert!(
        command.contains("accepted until 9999-12-31 (decided by this change itself)"),
        "{github}"
    );

    // So is a severity that the change lowers.
    let lowered = "severity:\n  - rule: response-required-property-removed\n    severity: compatible\n    \
                   reason: Nobody reads it.\n";
    workspace.write("openapi.review.yaml", lowered);
    let said = "compatible instead of breaking (decided by this change itself): Nobody reads it.";
    let human = shown(&["review", "v1"]);
    assert!(human.contains(said), "{human}");
    let github = shown(&["review", "v1", "--format", "github"]);
    let command = of_rule(&github);
    assert!(command.starts_with("::notice "), "{github}");
    assert!(command.contains(said), "{github}");

    // What the base has decided already is not said to be new.
    let decided = repository(NOTES);
    decided.write("openapi.review.yaml", &policy);
    git(&decided, &["add", "."]);
    git(&decided, &["commit", "--quiet", "--message", "policy"]);
    decided.write("openapi.yaml", changed());
    let run = decided.run(&["review", "HEAD"]);
    assert!(
        run.stdout.contains("accepted until 9999-12-31: "),
        "{}",
        run.stdout
    );
    let run = decided.run(&["review", "HEAD", "--format", "github"]);
    assert_eq!(of_rule(&run.stdout), "");
    // A policy that only the working tree has is none of a revision.
    decided.write("openapi.review.yaml", "");
    git(
        &decided,
        &["commit", "--quiet", "--all", "--message", "change"],
    );
    let run = decided.run(&["review", "HEAD~1", "HEAD"]);
    assert!(!run.stdout.contains("accepted"), "{}", run.stdout);
}

#[test]
fn an_acceptance_ends() {
    let workspace = repository(&changed());
    let policy = accepting(&breaking(&workspace), "2000-01-01");
    workspace.write("openapi.review.yaml", policy);
    let run = workspace.run(&["review", "v1"]);
    assert_eq!(run.status, Some(3));
    assert!(
        run.stderr.contains("warning[review-policy-expired]"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr.contains("openapi.review.yaml:2:18"),
        "{}",
        run.stderr
    );
    assert!(
        run.stdout
            .contains("breaking[response-required-property-removed]")
    );
}

#[test]
fn a_policy_that_is_wrong_is_not_followed() {
    let workspace = repository(&changed());
    workspace.write(
        "openapi.review.yaml",
        "severity:\n  - rule: server-default-change\n    severity: compatible\n    reason: Both answer.\n",
    );
    let run = workspace.run(&["review", "v1", "--fail-on", "any"]);
    assert_eq!(run.status, Some(1));
    assert_snapshot!("review_policy_wrong", run.stderr);
    assert!(
        run.stdout.contains("1 breaking, 1 notable"),
        "{}",
        run.stdout
    );
    let github = workspace.run(&["review", "v1", "--format", "github"]);
    let command = "::error file=openapi.review.yaml,line=2,";
    assert!(github.stdout.contains(command), "{}", github.stdout);
}
