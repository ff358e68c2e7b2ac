"""What the word lists of the speller lack or have wrong, and what words are made of in each language."""

from __future__ import annotations

ELIDED = "l d c j m n s t qu jusqu lorsqu puisqu quoiqu presqu quelqu entr aujourd"
"""What stands before an apostrophe in French."""

PREFIXES = {
    "fr": "auto anti co contre dé dés entre extra inter mal micro mini multi non pré post ré re sous sur télé ultra",
    "en": "anti auto co inter micro mini mis multi non over pre post re sub super un under",
}
"""What may stand before a word that is well known."""

MORE = {
    "fr": """
        aboutir app appli applis blog buggé buggée bug bugs chat chats chatbot click-and-collect community cookies cv
        covoiturage data désabonnement désabonner désinscription désinscrire désinstaller désinstallation dm e-mail
        e-mails email emails emoji emojis facebook faq feedback firmware followers geste hashtag html instagram
        internaute internautes joignable joignables kit lien linkedin live login mail mails maj messagerie messenger
        mp newsletter newsletters numérique ok paypal pc pdf podcast podcasts post posts pseudo pseudos pub push qr
        racheter réabonnement réabonner recharger reconfirmer reconnecter recontacter reconditionné reconditionnée
        réactiver réactivation réessayer réessayez réexpédier réexpédition réinitialiser réinitialisation réinitialisé
        réinstaller réinstallation reformuler replanifier repost retweet rgpd rib sav scanner screenshot selfie
        smartphone smartphones sms spam spams spoiler story stories streaming tablette tchat telegram tiktok
        traçabilité transporteur transporteurs tutoriel tutoriels tuto tutos twitter url web webinaire whatsapp wifi
        youtube ouf hé hop euh coucou bof cliquer cliquez clic clics hameçonnage allergène allergènes autrice autrices
        courriel courriels tél réf num svp stp cf ex env min max qté ht ttc
    """,
    "en": """
        app apps blog blogs chatbot checkout cookies cv dm dms email emails e-mail e-mails emoji emojis facebook faq
        firmware followers gdpr hashtag hashtags html inbox inboxes instagram ios iphone ipad judgement linkedin login
        logins messenger newsletter newsletters offline ok online onboarding paypal pdf podcast podcasts programme
        programmes qr reinstall reinstalled resend resent restock restocked restocking screenshot screenshots selfie
        signup smartphone smartphones sms spam spoiler spoilers telegram tiktok timeline tweet tweets twitter unfollow
        unsubscribe unsubscribed url urls usb website websites webpage webinar whatsapp wifi youtube logout logouts
        rollout rollouts bugfix bugfixes livestream livestreams tyre tyres kerb kerbs cheque cheques jewellery
        aluminium pyjamas sceptical manoeuvre manoeuvres whilst storey storeys
    """,
}
"""Words of our trade that the lists lack."""

SLIPS = {
    "fr": {
        "aujourdhui": "aujourd'hui",
        "biensur": "bien sûr",
        "commende": "commande",
        "commendes": "commandes",
        "connection": "connexion",
        "connections": "connexions",
        "language": "langage",
        "quelqun": "quelqu'un",
    },
    "en": {
        "alot": "a lot",
        "arent": "aren't",
        "cant": "can't",
        "couldnt": "couldn't",
        "didnt": "didn't",
        "doesnt": "doesn't",
        "dont": "don't",
        "havent": "haven't",
        "im": "I'm",
        "isnt": "isn't",
        "ive": "I've",
        "publically": "publicly",
        "refound": "refund",
        "thats": "that's",
        "wasnt": "wasn't",
        "weve": "we've",
        "wont": "won't",
        "wouldnt": "wouldn't",
        "youre": "you're",
    },
}
"""Slips that the lists know as words, or lead astray."""
