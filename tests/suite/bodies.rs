//! Many large responses at the same time: every answer is right, other stages meet their time
//! limits, and memory is bounded by the rules for bodies (language reference, section 4).

use fmc_tests::{Answer, Pipeline, Server};
use serde_json::{Value, json};

/// What the bodies hold over and over, and how many are fetched of each.
const SHAPES: [&str; 3] = [r#"{"":0}"#, "[[[0]]]", r#""a""#];
const EACH: usize = 4;
/// A body has this many bytes, a little less than the most that a body may have.
const BODY: usize = 16_000_000;
/// Requests that are made one after the other meanwhile.
const SMALL: usize = 20;
/// A body takes at most this many times its size, whatever its shape.
const TIMES: u64 = 16;
/// What the process takes besides.
const BESIDE: u64 = 64 << 20;

/// A list of a shape, and how many elements it has.
fn body(shape: &str) -> (Vec<u8>, usize) {
    let count = BODY / (shape.len() + 1) - 1;
    let items = format!("{shape},").repeat(count);
    (format!("[{items}{shape}]").into_bytes(), count + 1)
}

fn request(id: &str, path: &str, after: &[String]) -> Value {
    json!({"id": id, "component_type": "http-request", "depends_on": after,
           "config": {"url": format!("{{{{env.BASE}}}}{path}"), "method": "GET"}})
}

/// The ids of the stages that fetch large bodies, with the number of the shape.
fn large() -> Vec<(String, usize)> {
    let all = 0..SHAPES.len() * EACH;
    all.map(|at| (format!("large-{at}"), at % SHAPES.len()))
        .collect()
}

/// Large requests, small ones at the same time with two seconds each, and a last one that sends the
/// lengths of the large answers.
fn stages() -> Value {
    let mut stages = Vec::new();
    let mut ids = Vec::new();
    for (id, shape) in large() {
        stages.push(request(&id, &format!("/large/{shape}"), &[]));
        ids.push(id);
    }
    let lengths: Vec<_> = ids
        .iter()
        .map(|id| format!("{{{{len(upstream['{id}'].body)}}}}"))
        .collect();
    let mut before = Vec::new();
    for at in 0..SMALL {
        let id = format!("small-{at}");
        let mut stage = request(&id, "/small", &before);
        stage["timeout_ms"] = json!(2_000);
        stages.push(stage);
        before = vec![id];
    }
    ids.extend(before);
    stages.push(
        json!({"id": "count", "component_type": "json-transform", "depends_on": ids,
                       "config": {"data": {}, "template": lengths}}),
    );
    let mut last = request("end", "/end", &["count".to_owned()]);
    last["config"]["method"] = json!("POST");
    last["config"]["body"] = json!("{{upstream.count}}");
    stages.push(last);
    Value::Array(stages)
}

#[test]
fn many_large_bodies_at_once_are_bounded_and_stop_no_other_stage() {
    let bodies = SHAPES.map(body);
    let mut server = Server::start();
    for (shape, (text, _)) in bodies.iter().enumerate() {
        let answer = Answer::bytes("application/json", text.clone());
        server = server.on("GET", &format!("/large/{shape}"), [answer]);
    }
    let pause = std::time::Duration::from_millis(50);
    let server = server
        .on(
            "GET",
            "/small",
            [Answer::json(200, &json!([1])).after(pause)],
        )
        .on("POST", "/end", [Answer::status(200).after(4 * pause)]);

    let program = Pipeline::of("bodies", &stages()).build();
    let running = program.run().env("BASE", &server.url()).start();
    // Each waits for ten seconds at most, which the first alone may need on a busy machine.
    server.wait_for(large().len());
    server.wait_for(large().len() + SMALL);
    server.wait_for(large().len() + SMALL + 1);
    let most = running.most_memory();
    let ended = running.wait();

    assert_eq!(ended.code(), 0, "{}", ended.report());
    let lengths: Vec<_> = large().iter().map(|(_, shape)| bodies[*shape].1).collect();
    assert_eq!(server.only("POST", "/end").json(), json!(lengths));
    for at in 0..SMALL {
        assert_eq!(ended.statuses()[&format!("small-{at}")], "succeeded");
    }
    let texts: usize = large()
        .iter()
        .map(|(_, shape)| bodies[*shape].0.len())
        .sum();
    let bound = TIMES * texts as u64 + BESIDE;
    // Only Linux tells it.
    if let Some(most) = most {
        println!("{} MiB of at most {} MiB", most >> 20, bound >> 20);
        assert!(most < bound, "{most} bytes of at most {bound}");
    }
}
