"""What each kind of alert says in Italian, what it means, and what to do about it. Pure; `{…}` are an alert's facts."""

from collections.abc import Mapping

from helpline.alerts.kinds import Kind

SAID: Mapping[Kind, tuple[str, str, tuple[str, ...]]] = {
    Kind.NOBODY_ON_SHIFT: (
        "{name}: la linea è aperta e nessuno è di turno",
        "La linea è aperta per questa lingua, ma nei turni non c’è nessuno. A chi chiede una persona si propone di essere richiamato.",
        (
            "Chiedere a chi parla la lingua di prendere il turno, e caricarlo (helpline shifts load).",
            "Se nessuno può: ridurre l’orario di questa lingua, così chi chiama sente la verità.",
        ),
    ),
    Kind.NOBODY_SOON: (
        "{name}: tra {hours} h la linea è aperta e nessuno è di turno",
        "Nei turni delle prossime ore c’è un vuoto. C’è ancora tempo per coprirlo.",
        ("Guardare i turni (helpline shifts list) e coprire il vuoto, oppure ridurre l’orario di questa lingua.",),
    ),
    Kind.NOBODY_THERE: (
        "{name}: di turno: {count}, ma nessuno è presente",
        "Qualcuno è di turno e non ha segnalato nella console di essere presente: nessun telefono squilla.",
        ("Chiedere a chi è di turno di aprire «Chiamate dal vivo» e segnalare la presenza.", "Due squilli senza risposta la tolgono; va segnalata di nuovo."),
    ),
    Kind.HELD_LONG: (
        "{name}: in attesa di una persona: {count}, da {lasted} la più lunga, e qualcuno è presente",
        "Qualcuno è presente, eppure nessuno prende la chiamata: un telefono non squilla, o tutti sono in conversazione.",
        ("Guardare «Chiamate dal vivo»: chi è libero, quale telefono squilla.", "Se i telefoni non squillano: vedere il gestore telefonico e il worker della coda «ring»."),
    ),
    Kind.CALLBACKS_MANY: (
        "{name}: persone da richiamare: {count}",
        "In questa lingua aspettano più persone di quante se ne possano richiamare in uno o due giorni.",
        ("Chiedere a più persone che parlano la lingua di richiamare, o di scambiare un turno dal vivo.", "Guardare in «Richiamate» che cosa va insieme: molte richieste di un giorno hanno spesso una sola causa."),
    ),
    Kind.CALLBACKS_OLD: (
        "{name}: la richiamata più vecchia aspetta da {hours} ore",
        "Qualcuno aspetta da molto una chiamata in questa lingua.",
        ("Aprire «Richiamate», scegliere la lingua e cominciare dalla più vecchia.", "«Da guardare» dice quando non resta nessuna fascia oraria in cui chiamare."),
    ),
    Kind.PROMISES_PASSED: (
        "Richiamate con il giorno promesso già passato e nessun tentativo: {count}",
        "A queste persone è stato detto un giorno, e nessuno le ha chiamate.",
        ("Aprire «Richiamate», «Da guardare», e farle chiamare oggi per prime.",),
    ),
    Kind.REQUESTS_UNDECIDED: (
        "Richieste che aspettano una decisione: {count}, la più vecchia da {hours} ore",
        "Finché chi coordina non decide, queste richieste non vengono proposte a nessun ente.",
        ("Aprire «Richieste»: ognuna dice perché è ferma. Far chiamare la persona, assegnarla a mano a un progetto, o rimetterla tra le proposte.",),
    ),
    Kind.OFFERS_EXPIRING: (
        "{name}: proposte che scadono tra poco senza risposta: {count}, la prima tra {lasted}",
        "Se una proposta scade, la richiesta passa a un altro ente e la persona aspetta di più.",
        ("Telefonare all’ente, oppure dare più tempo dalla pagina della richiesta.",),
    ),
    Kind.ENTITY_SILENT: (
        "{name}: non risponde: proposte scadute di seguito: {count}",
        "È stato messo in pausa automaticamente e non riceve richieste.",
        ("Parlare con l’ente; riattivarlo dalla sua pagina quando risponde di nuovo.",),
    ),
    Kind.ENTITY_NOT_TOLD: (
        "{name}: nessuno riceve gli avvisi delle sue proposte",
        "Non ha una casella confermata né un indirizzo per i webhook, oppure da un giorno non arriva nulla.",
        ("Aprire la pagina dell’ente, «Programmi»: annotare un’altra casella, o mandare una prova.", "helpline webhooks check dice la causa."),
    ),
    Kind.CALLS_STOPPED: (
        "Nessuna chiamata da {lasted}; di solito ne sarebbero arrivate {expected}",
        "Un silenzio così lungo difficilmente è un caso. Il numero forse non ci raggiunge, anche se qui tutto funziona.",
        ("Chiamare il numero, da un cellulare e da un telefono fisso.", "Guardare la console del gestore telefonico: il numero è attivo, dove porta, c’è credito?"),
    ),
    Kind.LEGS_FAILING: (
        "Le nostre chiamate falliscono presso il gestore telefonico: {percent} % ({count} su {all} nell’ultima ora)",
        "Le richiamate e le chiamate dal vivo non raggiungono i telefoni.",
        ("Vedere il runbook, «A call back does not ring» (in inglese: una richiamata non squilla): il codice nel registro del worker dice perché.", "20003: token o account; 21215: chiamate verso l’Italia disattivate; c’è credito?"),
    ),
    Kind.CARRIER_ERRORS: (
        "Il gestore telefonico segnala errori: {count} in dieci minuti, più spesso con il numero {code}",
        "Non ha potuto fare ciò che abbiamo chiesto, o non ha avuto la nostra risposta.",
        ("Cercare il numero nel debugger del gestore telefonico; 11200: non ci ha raggiunti; 12xxx e 13xxx: il nostro documento.",),
    ),
    Kind.DOCUMENTS_FAILING: (
        "Il gestore telefonico non ha potuto eseguire i nostri documenti: {count} in dieci minuti",
        "Queste chiamate sono proseguite con la voce automatica del gestore telefonico; si è sentito un testo diverso.",
        ("Il registro del processo web dice l’errore; è stato pubblicato o rilasciato qualcosa poco fa? Tornare indietro.",),
    ),
    Kind.WEBHOOKS_REFUSED: (
        "Webhook senza la firma giusta del gestore telefonico: {count} in dieci minuti; chiamate buone: {calls}",
        "Se non ci sono chiamate buone, il nostro indirizzo o il token è sbagliato, e chi chiama sente un errore. Se ce ne sono, è qualcuno che prova.",
        ("Nessuna chiamata buona: confrontare HELPLINE_PUBLIC_URL e TWILIO_AUTH_TOKEN con la console del gestore telefonico; un proxy riscrive i percorsi?", "Chiamate buone: nulla è perduto; far rallentare quell’indirizzo dal server davanti."),
    ),
    Kind.WEBHOOKS_FAILING: (
        "Webhook falliti da noi: {count} in dieci minuti",
        "Chi chiamava ha sentito delle scuse invece del menu.",
        ("Il registro del processo web dice dove (a webhook failed). C’è stato un rilascio poco fa? Tornare al precedente.", "helpline db check dice se le tabelle sono di questa versione."),
    ),
    Kind.CLIPS_FAILING: (
        "Registrazioni che non si sono potute consegnare: {count} in dieci minuti",
        "Dove una registrazione non viene servita c’è silenzio, o la chiamata cade.",
        ("helpline prompts check --url https://… da un’altra macchina le nomina una per una.", "Il deposito delle registrazioni (HELPLINE_CLIPS_URL) è raggiungibile?"),
    ),
    Kind.CLIPS_MISSING: (
        "{name}: testi senza registrazione in ciò che si sente: {count}",
        "Gli altri di questa lingua sono registrati; questi li dice la voce del gestore telefonico, e chi chiama pensa a un guasto.",
        ("Aprire «Messaggi», scegliere la lingua: registrare ciò che manca e pubblicarlo, o tornare alla serie precedente.",),
    ),
    Kind.FIGURES_STOPPED: (
        "Le cifre sono aggiornate a {lasted} fa",
        "Le pagine «Cifre» e il tabellone mostrano dati vecchi.",
        ("Il registro del clock dice perché il lavoro è fallito. Ciò che manca viene contato da sé quando riprende.",),
    ),
    Kind.SWEEP_FAILING: (
        "Il lavoro regolare «{subject}» fallisce da {lasted}",
        "Ciò di cui si occupa resta fermo finché non riprende.",
        ("Il registro del clock dice il tipo di errore. Per la cancellazione dei dati (privacy) rimediare in giornata.",),
    ),
    Kind.QUEUE_DOWN: (
        "La coda (Valkey) non risponde",
        "Nulla è perduto: il clock trova il lavoro in ritardo. Tutto è più lento, e le chiamate dal vivo squillano più tardi.",
        ("Riavviare il server della coda, o correggere REDIS_URL.",),
    ),
    Kind.QUEUE_LONG: (
        "Lavori che aspettano nella coda «{subject}»: {count}",
        "Il worker non tiene il passo, o è bloccato.",
        ("Guardare il registro del worker; avviarne un altro per questa coda, o riavviarlo.",),
    ),
    Kind.WORKER_SILENT: (
        "Nessun worker per la coda «{subject}»",
        "Le chiamate partono tardi (ring), registrazioni e messaggi stanno fermi (slow), finché non li trova il clock.",
        ("Avviare il worker (helpline worker {subject}, o tutto con helpline up).",),
    ),
    Kind.PAGES_SILENT: (
        "I processi web non rispondono da {lasted}",
        "Chi chiama sente un errore o il documento esterno, e nessuno può usare la console.",
        ("Guardare il registro dei processi web e riavviarli; il disco o la memoria sono pieni?",),
    ),
    Kind.MESSAGES_STUCK: (
        "Messaggi agli enti che aspettano di partire: {count}, il più vecchio da {lasted}",
        "Gli enti non sanno in tempo delle loro proposte.",
        ("Il worker della coda «slow» è attivo? Il server di posta (HELPLINE_SMTP_URL) risponde?", "helpline webhooks list mostra l’ultimo errore di ciascuno."),
    ),
    Kind.DISK_FULL: (
        "Spazio libero sul disco dei dati: {percent} %",
        "Quando è pieno si ferma il database, e con esso tutto ciò che va salvato.",
        ("Fare spazio: vecchi registri, vecchie copie; poi un disco più grande.",),
    ),
    Kind.PROBE_SILENT: (
        "La sonda «{subject}» ha raggiunto la linea l’ultima volta {lasted} fa",
        "Vista da lì la linea non si raggiunge, oppure da lì nessuno guarda più.",
        ("Aprire l’indirizzo della linea da un altro posto: risponde?", "helpline probe è ancora attivo lì? Se è stato tolto di proposito, dimenticarla in questa pagina."),
    ),
}  # fmt: skip
