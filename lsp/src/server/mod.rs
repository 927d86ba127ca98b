//! The protocol: messages of the editor change the state, findings become messages.
//!
//! Enters: a stream of messages from the editor. Leaves: answers and published findings. Only this
//! module knows `tower_lsp`. Must not know how findings are made.

mod convert;
mod exit;
mod frames;
mod message;
mod state;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncRead, AsyncWrite};
use tower_lsp::{
    Client, LanguageServer, LspService, Server, jsonrpc,
    lsp_types::{
        CodeActionKind, CodeActionOptions, CodeActionParams, CodeActionProviderCapability,
        CodeActionResponse, DidChangeTextDocumentParams, DidChangeWatchedFilesParams,
        DidChangeWatchedFilesRegistrationOptions, DidCloseTextDocumentParams,
        DidOpenTextDocumentParams, DidSaveTextDocumentParams, FileSystemWatcher, GlobPattern,
        InitializeParams, InitializeResult, InitializedParams, MessageType, Registration,
        SaveOptions, ServerCapabilities, ServerInfo, TextDocumentSyncCapability,
        TextDocumentSyncKind, TextDocumentSyncOptions, TextDocumentSyncSaveOptions,
    },
};

use exit::{Ending, Watched};
use state::{Abilities, Publication, State};

/// The files that the editor is asked to watch: configurations, and pipelines that others may name.
const WATCHED: &[&str] = &["**/fmc.toml", "**/*.json"];

/// How many bytes of messages may wait for the protocol to read them.
const BUFFER: usize = 64 << 10;

/// Serves one editor until it says `exit` or closes the stream. True when it ended as the protocol
/// says, with `shutdown` first.
///
/// Messages are handled one at a time and in order. If one edit overtook another, the server would
/// have a text that the editor does not show.
pub async fn serve(input: impl AsyncRead + Unpin, output: impl AsyncWrite) -> bool {
    let (service, socket) = LspService::new(Backend::new);
    let ending = Arc::new(Ending::default());
    let service = Watched {
        service,
        ending: ending.clone(),
    };
    // The input is cleaned first, because `tower_lsp` ends at the first message it cannot read.
    let (cleaned, messages) = tokio::io::duplex(BUFFER);
    let serving = Server::new(messages, output, socket)
        .concurrency_level(1)
        .serve(service);
    let serving = async { tokio::join!(frames::clean(input, cleaned), serving) };
    tokio::select! {
        _ = serving => {}
        () = ending.exit() => {}
    }
    ending.orderly()
}

struct Backend {
    client: Client,
    state: Mutex<State>,
}

impl Backend {
    fn new(client: Client) -> Self {
        Self {
            client,
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A check that panics may leave the data half changed; `state` then makes it anew.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn publish(&self, publications: Vec<Result<Publication, String>>) {
        for publication in publications {
            match publication {
                Ok(Publication {
                    uri,
                    version,
                    diagnostics,
                }) => {
                    self.client
                        .publish_diagnostics(uri, diagnostics, version)
                        .await;
                }
                Err(message) => self.client.log_message(MessageType::ERROR, message).await,
            }
        }
    }
}

#[tower_lsp::async_trait]
impl LanguageServer for Backend {
    async fn initialize(&self, params: InitializeParams) -> jsonrpc::Result<InitializeResult> {
        let workspace = params.capabilities.workspace.unwrap_or_default();
        let files = workspace.did_change_watched_files;
        let edits = workspace.workspace_edit;
        self.state().abilities = Abilities {
            watches: files
                .and_then(|files| files.dynamic_registration)
                .unwrap_or(false),
            versioned_edits: edits
                .and_then(|edits| edits.document_changes)
                .unwrap_or(false),
        };
        let sync = TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::FULL),
            save: Some(TextDocumentSyncSaveOptions::SaveOptions(
                SaveOptions::default(),
            )),
            ..TextDocumentSyncOptions::default()
        };
        let fixes = CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX]),
            ..CodeActionOptions::default()
        };
        Ok(InitializeResult {
            capabilities: ServerCapabilities {
                text_document_sync: Some(TextDocumentSyncCapability::Options(sync)),
                code_action_provider: Some(CodeActionProviderCapability::Options(fixes)),
                ..ServerCapabilities::default()
            },
            server_info: Some(ServerInfo {
                name: "fmc-lsp".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
        })
    }

    async fn initialized(&self, _: InitializedParams) {
        let wanted = self.state().abilities.watches;
        if !wanted {
            return;
        }
        let options = DidChangeWatchedFilesRegistrationOptions {
            watchers: WATCHED
                .iter()
                .map(|glob| FileSystemWatcher {
                    glob_pattern: GlobPattern::String((*glob).to_owned()),
                    kind: None,
                })
                .collect(),
        };
        let registration = Registration {
            id: "files".to_owned(),
            method: "workspace/didChangeWatchedFiles".to_owned(),
            register_options: serde_json::to_value(options).ok(),
        };
        // The answer comes after this message, so the server must not wait for it here.
        let client = self.client.clone();
        tokio::spawn(async move {
            if let Err(error) = client.register_capability(vec![registration]).await {
                let message = format!("changes on disk are not seen: {error}");
                client.log_message(MessageType::WARNING, message).await;
            }
        });
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        let document = params.text_document;
        let found = self
            .state()
            .open(document.uri, document.version, document.text);
        self.publish(found).await;
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        let document = params.text_document;
        // Every change holds the whole text, so only the last one matters.
        let Some(change) = params.content_changes.into_iter().next_back() else {
            return;
        };
        if change.range.is_some() {
            let message = "the editor sent a part of a text; this server takes whole texts";
            self.client.log_message(MessageType::ERROR, message).await;
            return;
        }
        let found = self
            .state()
            .change(document.uri, document.version, change.text);
        self.publish(found).await;
    }

    async fn did_save(&self, params: DidSaveTextDocumentParams) {
        let found = self.state().save(&params.text_document.uri);
        self.publish(found).await;
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        let found = self.state().close(&params.text_document.uri);
        self.publish(found).await;
    }

    async fn did_change_watched_files(&self, _: DidChangeWatchedFilesParams) {
        let found = self.state().files_changed();
        self.publish(found).await;
    }

    async fn code_action(
        &self,
        params: CodeActionParams,
    ) -> jsonrpc::Result<Option<CodeActionResponse>> {
        let wanted = params.context.only.is_none_or(|kinds| {
            // A kind includes its sub-kinds; the empty kind includes all.
            let ours = CodeActionKind::QUICKFIX;
            kinds.contains(&ours) || kinds.contains(&CodeActionKind::EMPTY)
        });
        if !wanted {
            return Ok(Some(Vec::new()));
        }
        let uri = params.text_document.uri;
        match self.state().actions(&uri, params.range) {
            Ok(actions) => Ok(Some(actions)),
            Err(message) => Err(jsonrpc::Error {
                message: message.into(),
                ..jsonrpc::Error::internal_error()
            }),
        }
    }

    async fn shutdown(&self) -> jsonrpc::Result<()> {
        Ok(())
    }
}
