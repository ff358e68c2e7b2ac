"""Words so frequent in a language that a few of them tell it, chat words of French and English included.

Written without accents or apostrophes, as folded text has them. A word that languages share is listed under each.
"""

from __future__ import annotations

FREQUENT = {
    "fr": """
        le la les un une des du de et est en que qui dans pour pas plus sur par avec ce cette ces mon ma mes ton ta
        tes son sa ses notre nos votre vos leur leurs je tu il elle on nous vous ils elles me te se moi toi lui y ne
        ni mais ou donc car si comme quand quoi quel quelle quels quelles comment combien pourquoi ca c j l d n s m
        t qu suis es sommes etes sont ai as a avons avez ont etait etaient fait faire faites peut peux pouvez veux
        voulez voudrais dois tout tous toute toutes tres trop bien bon bonne mal rien jamais toujours encore deja
        aussi meme chez sans sous depuis avant apres ici merci bonjour bonsoir salut svp stp oui non voila alors
        vraiment super genial bravo nul nuls nulle nulles honte arnaque service commande livraison colis prix
        boutique magasin mdr ptdr jsp jpp tkt osef slt bjr bsr cc pk pq pcq tqt vla wesh frere mec meuf putain merde
        connard connards connasse salope encule fdp ntm tg batard cordialement felicitations aucun aucune personne
        remboursement rembourse retard panne marche dispo tarif devis adore parfait magnifique excellente qualite
        accueil equipe ville mairie
    """,
    "en": """
        the a an and is are was were be been am i you he she it we they me him her us them my your his its our their
        this that these those of to in on at for from with by about as if or but not no nor so than then too very
        just only what when where which who why how do does did don doesn didn can could will would should may might
        must have has had haven won isn aren wasn get got give go going want need make made know think see look come
        came being there here all any some more most much many one out up down off over again still never always
        ever even also thanks thank thx ty please pls plz hello hi hey yes yeah yep nope ok love great good best bad
        worst awesome amazing nice lovely lol lmao lmfao rofl omg wtf idk imo tbh ngl smh fr bro dude guys u ur r im
        ive dont cant wont didnt doesnt isnt thats whats lets gonna wanna order delivery price shop store service
        refund broken waiting late scam idiot moron stupid fuck fucking shit bitch asshole bastard cunt wanker kys
        stfu gg wp ask anyone someone everyone nothing anything something well done congrats cheers mate
    """,
    "de": """
        der die das und ist nicht ich du er sie es wir ihr ein eine einen einem einer mit auf fur von zu den dem im
        war sind habe hat haben wird kann auch nur noch schon sehr aber oder wenn wie was wo wann warum danke vielen
        dank bitte hallo guten tag ja nein kein keine mehr immer bei nach aus uber euch euer mein meine ihre unser
        gut schlecht super schade bestellung lieferung leider endlich toll klasse echt mal
    """,
    "es": """
        el la los las un una y es en que de no por con para lo se su mi tu me te nos muy mas pero como cuando donde
        quien cuanto cuesta hola gracias muchas buenos dias buenas tardes si esta estan este esto son ha he hay
        tengo tiene puedo quiero todo todos nada siempre nunca bien mal mejor peor pedido envio tienda precio
        servicio excelente gustaria verguenza
    """,
    "it": """
        il lo la gli le un una e di che non per con sono ho ha mi ti si ci vi del della dei delle al alla nel nella
        come quando dove chi quanto costa grazie mille ciao buongiorno salve anche ma piu molto bene male sempre mai
        tutto tutti niente questo questa sei siete ordine consegna negozio prezzo servizio bellissimo ottimo
        vergogna favore
    """,
    "pt": """
        o a os as um uma e de que nao por com para se seu sua meu minha me voces voce muito mais mas como quando
        onde quem quanto custa ola obrigado obrigada bom boa dia tarde sim esta estao este isto sao tem tenho posso
        quero tudo nada sempre nunca bem mal melhor pior pedido entrega loja preco servico otimo pessimo vergonha ja
        ate
    """,
    "nl": """
        de het een en is niet ik jij je hij zij wij we jullie van op te dat die dit voor met aan om maar ook als dan
        wat waar wanneer waarom hoe wie bedankt dank hallo goed slecht geen nog al naar bij uit zo heel erg wel mijn
        jouw ons onze kan kunnen heb hebben heeft wordt bestelling levering winkel prijs graag
    """,
    "pl": """
        i w na z nie jest sie to ze do co jak ale czy dla od po za tak o dziekuje prosze czesc dobry dzien bardzo
        moj jestem juz tylko mnie
    """,
    "tr": "ve bir bu ne icin ile cok degil mi ben sen o biz siz var yok ama daha gibi tesekkurler merhaba lutfen evet",
    "ro": "si este nu un o la cu in pe de ca mai sunt am ai foarte multumesc buna pentru dar ce cum cand unde",
    "sv": "och att det som en ett ar inte jag du vi ni med for pa till har kan om men var tack hej mycket bra ja nej",
    "ca": "el la els les un una i es en que de no per amb molt gracies bon dia hola pero com quan on",
    "cs": "a je se na to ze v s z do ale jak pro dekuji dobry den ano ne jsem jsou byl uz",
    "da": "og at det som en et er ikke jeg du vi med for pa til har kan om men tak hej meget god ja nej",
    "fi": "ja on ei se etta en mina sina han me te he mutta kun kiitos hei hyva moi oli ovat",
    "hu": "a az es hogy nem is egy van meg de csak ez koszonom szia jo igen volt nagyon",
}
