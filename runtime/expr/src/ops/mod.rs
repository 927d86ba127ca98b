//! The operators: the interpreter and generated code call these and nothing else.
//!
//! Enters: values. Leaves: a value or a refusal that names the operand types.
