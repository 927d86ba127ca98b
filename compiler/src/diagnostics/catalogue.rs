//! Every code, declared exactly once.
//!
//! Enters: nothing. Leaves: the code, name, severity, summary and page of each defect. A code is
//! never used again for another defect. The page is `docs/FMCnnnn.md` beside this file; its
//! examples are tested. Must not know what finds a defect.

use super::{Severity, meant, suggest};

macro_rules! catalogue {
    ($($code:literal $variant:ident $name:literal $severity:ident $summary:literal)*) => {
        /// A defect `fmc` can find.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $summary] $variant,)*
        }

        impl Code {
            /// Every code, in ascending order.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// `FMC0301`
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => concat!("FMC", $code),)* }
            }

            /// The name, like `unknown-stage`. It must read well after "allow".
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The severity, unless configuration changes it.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }

            /// The page, in Markdown: why the defect matters, a bad example, a good example.
            #[must_use]
            pub fn page(self) -> &'static str {
                match self {
                    $(Self::$variant => include_str!(concat!("docs/FMC", $code, ".md")),)*
                }
            }

            /// What the defect is, in one line.
            #[must_use]
            pub fn summary(self) -> &'static str {
                match self { $(Self::$variant => $summary,)* }
            }
        }
    };
}

impl Code {
    /// Finds a code by any spelling: `FMC0301`, `fmc0301`, `0301`, `unknown-stage` or
    /// `unknown_stage`.
    #[must_use]
    pub fn find(word: &str) -> Option<Self> {
        let word = word.to_ascii_lowercase().replace('_', "-");
        let digits = word.strip_prefix("fmc").unwrap_or(&word);
        Self::ALL
            .iter()
            .copied()
            .find(|code| code.name() == word || code.digits() == digits)
    }

    /// Finds a code like [`Code::find`].
    ///
    /// # Errors
    /// Says in one line that there is no such code, and asks whether the nearest one was meant.
    pub fn find_or_ask(word: &str) -> Result<Self, String> {
        Self::find(word).ok_or_else(|| {
            let names = Self::ALL.iter().flat_map(|code| [code.name(), code.code()]);
            unknown(word, suggest::nearest(word, names))
        })
    }

    /// The address at which its page can be read.
    #[must_use]
    pub fn url(self) -> String {
        format!(
            "{}/blob/main/compiler/src/diagnostics/docs/{}.md",
            env!("CARGO_PKG_REPOSITORY"),
            self.code()
        )
    }

    /// The number of its family: 3 for `FMC0301`.
    #[must_use]
    pub fn family(self) -> u32 {
        self.digits().parse::<u32>().unwrap_or(0) / 100
    }

    fn digits(self) -> &'static str {
        self.code().strip_prefix("FMC").unwrap_or_default()
    }
}

/// Says in one line that no finding has this code or name, and asks whether `near` was meant.
pub(super) fn unknown(word: &str, near: Option<&str>) -> String {
    let question = near.map(|near| format!(": {}", meant::question(near)));
    let question = question.unwrap_or_default();
    format!("there is no finding with the code or name `{word}`{question}")
}

catalogue! {
    "0001" UnknownSetting "unknown-setting" Error "a key of `fmc.toml` that does not exist"
    "0002" BadSetting "bad-setting" Error "a value of `fmc.toml` that cannot be used"
    "0003" UnknownLint "unknown-lint" Error "a level for a code or name that does not exist"
    "0004" UnusedAllow "unused-allow" Warning "an `$allow` that allows nothing"
    "0005" NotAllowable "not-allowable" Error "an error that cannot be allowed"
    "0006" MoreFindings "more-findings" Note "more findings in one file than are shown"
    "0101" UnexpectedJson "unexpected-json" Error "text that JSON does not allow here"
    "0102" TrailingComma "trailing-comma" Error "a comma before a closing bracket"
    "0103" Comment "comment" Error "a comment in JSON"
    "0104" SingleQuotes "single-quotes" Error "a string in single quotes"
    "0105" DuplicateKey "duplicate-key" Error "a key that the object already has"
    "0106" NumberOutOfRange "number-out-of-range" Error "a number that no 64-bit number can hold"
    "0107" NotUtf8 "not-utf8" Error "bytes that are not UTF-8"
    "0108" UnterminatedString "unterminated-string" Error "a string without its closing quote"
    "0109" BadEscape "bad-escape" Error "an escape that JSON does not have"
    "0110" BadNumber "bad-number" Error "a number JSON cannot read"
    "0111" ControlCharacter "control-character" Error "a control character in a string that is not written as an escape"
    "0112" MissingComma "missing-comma" Error "two values without a comma between them"
    "0113" MissingColon "missing-colon" Error "a key without a colon"
    "0114" UnclosedBracket "unclosed-bracket" Error "a bracket that is never closed, or closed by another"
    "0115" TextAfterEnd "text-after-end" Error "text after the end of the document"
    "0116" JsonTooDeep "json-too-deep" Error "arrays and objects nested too deep"
    "0117" BadLiteral "bad-literal" Error "a word JSON does not have, like `True` or `None`"
    "0118" UnquotedKey "unquoted-key" Error "a key without quotes"
    "0119" EmptyFile "empty-file" Error "a file without text"
    "0201" UnclosedTemplate "unclosed-template" Error "a template that is never closed"
    "0202" EmptyTemplate "empty-template" Error "a template without an expression"
    "0203" UnexpectedToken "unexpected-token" Error "text an expression does not allow here"
    "0204" UnknownEscape "unknown-escape" Error "an escape that expression strings do not have"
    "0205" UnsupportedSyntax "unsupported-syntax" Error "Python that the expression language leaves out"
    "0206" Assignment "assignment" Error "`=` where `==` was meant"
    "0207" ForeignOperator "foreign-operator" Error "an operator of another language"
    "0208" Handlebars "handlebars" Error "a block of another template language"
    "0209" HyphenAsMinus "hyphen-as-minus" Error "a hyphen read as part of a stage id that was meant as a minus"
    "0210" UnterminatedLiteral "unterminated-literal" Error "a string literal of an expression without its closing quote"
    "0211" BadLiteralNumber "bad-literal-number" Error "a number of an expression that cannot be read or held"
    "0212" ExpressionTooDeep "expression-too-deep" Error "an expression nested too deep"
    "0301" UnknownStage "unknown-stage" Error "a stage id that no stage has"
    "0302" UnknownName "unknown-name" Error "a name that is not in scope anywhere"
    "0303" BareStage "bare-stage" Error "a stage id used without `upstream.`"
    "0304" UnknownFunction "unknown-function" Error "a function that does not exist"
    "0305" UnknownMethod "unknown-method" Error "a method that the value's type does not have"
    "0306" WrongArguments "wrong-arguments" Error "too few, too many or unknown arguments"
    "0307" UnknownMember "unknown-member" Error "a field that a known object does not have"
    "0308" UnsetVariable "unset-variable" Error "a context variable that nothing sets before"
    "0309" NameOutOfScope "name-out-of-scope" Error "`data`, `item`, `value` or `error` where they mean nothing"
    "0310" LoopStageOutside "loop-stage-outside" Error "a loop stage read from outside its loop"
    "0311" UnknownPipeline "unknown-pipeline" Error "a sub-pipeline or parent that the project does not have"
    "0312" UndeclaredInput "undeclared-input" Warning "an input that `input_schema` does not declare"
    "0401" MissingField "missing-field" Error "a required field that is not there"
    "0402" UnknownField "unknown-field" Error "a field that is not known here"
    "0403" UnknownComponent "unknown-component" Error "a component that does not exist"
    "0404" UnsupportedComponent "unsupported-component" Error "a component of FlowMason that is not supported"
    "0405" DuplicateStage "duplicate-stage" Error "a stage id that another stage already has"
    "0406" BadId "bad-id" Error "an id with characters ids do not have"
    "0407" AliasBesideCanonical "alias-beside-canonical" Error "a field given under two of its names"
    "0408" NoStages "no-stages" Error "a pipeline without stages"
    "0409" Fragment "fragment" Error "a stage or list of stages where a pipeline is expected"
    "0410" WrongType "wrong-type" Error "a literal of a type its field does not take"
    "0411" WrongValue "wrong-value" Error "a literal its field does not take"
    "0412" UnknownKey "unknown-key" Warning "a top-level key that pipelines do not have"
    "0413" TemplateInStatic "template-in-static" Error "a template in a field that must be literal"
    "0414" ConflictingFields "conflicting-fields" Error "fields that exclude each other"
    "0415" NoEffect "no-effect" Warning "a known field that has no effect"
    "0416" BadSchema "bad-schema" Error "a schema that is not a JSON Schema"
    "0501" OperandType "operand-type" Error "an operator on types it does not take"
    "0502" ArgumentType "argument-type" Error "an argument of a type its function does not take"
    "0503" MemberType "member-type" Error "a field or index of a value that has none"
    "0504" FieldType "field-type" Error "a template of a type its field cannot take"
    "0505" NeverEqual "never-equal" Error "a comparison that can never be true"
    "0506" OutputMismatch "output-mismatch" Error "an output that cannot match `output_schema`"
    "0601" DependencyCycle "dependency-cycle" Error "stages that wait for each other"
    "0602" UnorderedRead "unordered-read" Error "reading a stage that may not have finished"
    "0603" NeverRuns "never-runs" Error "a stage that can never run"
    "0604" SelfDependency "self-dependency" Error "a stage or pipeline that waits for itself"
    "0605" OwnershipCycle "ownership-cycle" Error "stages that select each other"
    "0606" OwnedTwice "owned-twice" Error "a stage twice in one list"
    "0607" TwoLoops "two-loops" Error "a stage in the bodies of two loops"
    "0608" ConflictingOwners "conflicting-owners" Error "owners that exclude each other"
    "0901" NotBuildable "not-buildable" Error "a construct that this version checks but cannot build yet"
}
