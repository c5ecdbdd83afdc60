//! Answers that hold what this version does not know.

use agen_api::types::{SessionEvent, SessionEventPayload, SessionEventStatus, SessionEventType};
use serde_json::{Value, from_value, json, to_value};

fn timeline() -> Value {
    json!([
        {
            "id": "evt_1", "session_id": "ses_1", "type": "user_message", "status": "completed",
            "payload": {"type": "user_message", "message": "m", "attachments": [{"id": 1}]},
            "client_id": null, "session_goal_id": "g", "created_at": "2025-01-31 09:15", "score": 1.5,
        },
        {
            "id": "evt_2", "session_id": "ses_1", "type": "no_such_type", "status": "no such status",
            "payload": {"type": "no_such_type", "of": ["sheep", null], "n": 18_446_744_073_709_551_615_u64},
        },
        {
            "id": "evt_3", "session_id": "ses_1", "type": "user_message", "status": "queued",
            "payload": {"type": "user_message", "message": {"parts": ["m"]}},
            "client_id": "c",
        },
        {
            "id": "evt_4", "session_id": "ses_1", "type": "agent_file_read", "status": "processing",
            "payload": null,
        },
        {
            "id": "evt_5", "session_id": "ses_1", "type": "agent_file_read", "status": "",
            "payload": ["not", "even", "an", "object"],
        },
    ])
}

#[test]
fn a_timeline_of_new_values_comes_out_as_it_went_in() {
    let events: Vec<SessionEvent> = from_value(timeline()).unwrap();
    assert_eq!(to_value(&events).unwrap(), timeline());
}

#[test]
fn a_timeline_read_from_text_comes_out_as_it_went_in() {
    let events: Vec<SessionEvent> = serde_json::from_str(&timeline().to_string()).unwrap();
    assert_eq!(to_value(&events).unwrap(), timeline());
}

#[test]
fn known_values_are_typed_and_others_kept() {
    let events: Vec<SessionEvent> = from_value(timeline()).unwrap();
    assert!(
        matches!(&events[0].payload, SessionEventPayload::UserMessage(payload) if payload.message == "m")
    );
    assert!(
        matches!(&events[1].type_, SessionEventType::Unknown(value) if value.as_str() == "no_such_type")
    );
    assert!(
        matches!(&events[1].status, SessionEventStatus::Unknown(value) if value.as_str() == "no such status")
    );
    for event in &events[1..] {
        assert!(
            matches!(event.payload, SessionEventPayload::Unknown(_)),
            "{event:?}"
        );
    }
    assert_eq!(events[4].status.as_str(), "");
    assert_eq!(events[3].status, SessionEventStatus::Processing);
}
