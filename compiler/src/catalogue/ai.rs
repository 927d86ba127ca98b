//! AI components: those that ask a model.
//!
//! Enters: nothing. Leaves: their rows, as the component reference states them.

use super::{
    Component, Feature, Output, Runs, component,
    field::{Field, Kind, field, ignored},
    shape::Shape,
};

/// A row of a component that asks a model.
const fn asks(
    name: &'static str,
    summary: &'static str,
    fields: &'static [Field],
    output: &'static [(&'static str, Shape)],
    runs: Runs,
) -> Component {
    let mut row = component(name, summary, fields, Output::Fields(output), runs).side_effect();
    row.model = true;
    row
}

pub(super) const COMPONENTS: &[Component] = &[
    asks(
        "generator",
        "writes text or JSON from a prompt",
        GENERATOR,
        &[
            ("content", Shape::StrIf("output_format", "text")),
            ("tokens_used", Shape::Int),
            ("input_tokens", Shape::Int),
            ("output_tokens", Shape::Int),
            ("finish_reason", Shape::MaybeStr),
            ("model", Shape::Str),
        ],
        Runs::Leaf {
            item: "GENERATOR",
            features: &[Feature::Http],
        },
    ),
    asks(
        "critic",
        "judges content",
        CRITIC,
        &[
            ("score", Shape::Float),
            ("overall_rating", Shape::Str),
            ("feedback", Shape::Str),
            ("strengths", Shape::Strings),
            ("improvements", Shape::Strings),
            ("criterion_scores", Shape::Object),
            ("passes_threshold", Shape::Bool),
        ],
        Runs::NotYet,
    ),
    asks(
        "improver",
        "rewrites content after feedback",
        IMPROVER,
        &[
            ("improved", Shape::Str),
            ("improved_content", Shape::Str),
            ("content", Shape::Str),
            ("changes_made", Shape::Strings),
            ("improvement_summary", Shape::Str),
        ],
        Runs::NotYet,
    ),
    asks(
        "selector",
        "chooses among options",
        SELECTOR,
        &[
            ("selected", Shape::Element("options")),
            ("selected_index", Shape::Int),
            ("reasoning", Shape::Str),
            ("explanation", Shape::Str),
            ("rankings", Shape::List),
            ("confidence", Shape::Float),
        ],
        Runs::NotYet,
    ),
    asks(
        "synthesizer",
        "makes one text of several",
        SYNTHESIZER,
        &[
            ("synthesized", Shape::Str),
            ("key_themes", Shape::Strings),
            ("sources_used", Shape::List),
        ],
        Runs::NotYet,
    )
    .aliases(&["combiner"]),
];

const MAX_TOKENS: Field = field("max_tokens", Kind::Int, "Tokens the model may write.").at_least(1);
const TEMPERATURE: Field = field("temperature", Kind::Number, "How free the model is.").at_least(0);

/// What a stage says of its model beside `config`.
pub const MODEL_FIELDS: &[Field] = &[
    field("provider", Kind::Text, "Which provider is asked."),
    field("model", Kind::Text, "Which of its models."),
    field(
        "llm_settings",
        Kind::Object,
        "Further settings of the model.",
    ),
];

const GENERATOR: &[Field] = &[
    field("prompt", Kind::Str, "What the model is asked.").required(),
    field("system_prompt", Kind::Str, "Who the model is."),
    MAX_TOKENS,
    TEMPERATURE,
    field(
        "stop_sequences",
        Kind::ListOf(&Kind::Text),
        "Texts at which the model stops.",
    ),
    field(
        "output_format",
        Kind::Choice(&["text", "json"]),
        "Whether the content is parsed.",
    )
    .default("\"text\""),
];

const CRITIC: &[Field] = &[
    field("content", Kind::Any, "What is judged.").required(),
    field("criteria", Kind::ListOrStr, "What counts."),
    field("context", Kind::Any, "What to know about it."),
    field("rubric", Kind::Any, "How to score."),
    MAX_TOKENS,
    TEMPERATURE,
    ignored("strict_mode", "Say it in `rubric`."),
];

const IMPROVER: &[Field] = &[
    field("content", Kind::Any, "What is rewritten.").required(),
    field("feedback", Kind::Any, "What was said about it.").required(),
    field("instructions", Kind::Any, "How to go about it.").aliases(&["improvement_focus"]),
    MAX_TOKENS,
    TEMPERATURE,
    ignored("improvements", "Say it in `feedback`."),
    ignored("max_iterations", "It rewrites once."),
    ignored("preserve_aspects", "Say it in `instructions`."),
    ignored("max_length", "`max_tokens` limits the length."),
];

const SELECTOR: &[Field] = &[
    field(
        "options",
        Kind::ListOf(&Kind::TextOrObject),
        "Texts, or objects with `label` and `content`.",
    )
    .required()
    .aliases(&["candidates"]),
    field("criteria", Kind::ListOrStr, "What counts."),
    field("context", Kind::Any, "What to know."),
    MAX_TOKENS,
    TEMPERATURE,
    ignored("selection_mode", "One option is chosen."),
    ignored("top_n", "`rankings` holds the order."),
    ignored("explain_choice", "`reasoning` is always there."),
];

const SYNTHESIZER: &[Field] = &[
    field("inputs", Kind::List, "What is brought together.")
        .required()
        .aliases(&["sources"]),
    field("synthesis_strategy", Kind::Str, "How to bring it together."),
    field("context", Kind::Any, "What to know."),
    field("instructions", Kind::Any, "How to go about it."),
    field("output_format", Kind::Str, "What form the text has."),
    MAX_TOKENS,
    TEMPERATURE,
    ignored("preserve_sources", "`sources_used` names them."),
    ignored("max_length", "`max_tokens` limits the length."),
];
