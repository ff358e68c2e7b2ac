"""Words that lean one way in French or in English, as a first knowledge for what few examples cannot teach.

Written without accents, as folded text has them, in alphabetical order. A word decides nothing by itself: how much a
list counts for each label is learned. `insult` holds vile words, for that is what it has to know.
"""

from __future__ import annotations

WORD_LISTS = {
    "glad": """
        accueillant accueillante addict addicted admirable adorable adore adorent agreable aimable aimables aime
        amazing ameliore amoureuse amoureux appreciate appreciated appreciates appreciation approuve assure assurent
        attentionne attentive awesome banger banging beau beautiful beautifully beaux belle belles best better bien
        bienveillant bienveillante bienveillants bisous blessed bliss bluffant bluffante bluffe bon bonheur bonne
        bonnes bons boss bravo brilliant buttery canon caring carton chaleureuse chaleureux champion championne
        champions chapeau charmed charming cheers chouette clair claire class classe classy coeur comfy confortable
        congrats congratulations conquis conquise content contente contents continuez costaud cosy cozy crack crispy
        croustillant crunchy cute delicieuse delicieuses delicieux delicious delighted devoue devoues dinguerie
        disponible divine douce doux drole easy efficace efficaces efficient elegant emotion emu emue enjoy
        enjoyable enjoyed enjoying enrichissant epic excellent excellente excellents exceptional extraordinaire fab
        fabulous fan fans fantastic fantastique fast favorite favourite favourites feerique felicitations fiable
        fidele fideles fier fiere fiers fire fixed flavourful flawless fluide formidable fraiche frais fresh
        friendly frissons fun funny gem genereuse genereux generous genial geniale geniales geniaux gentil gentille
        gentils gentle glad goat goated good gorgeous grateful gratitude great happier happiest happy hate heaven
        heavenly helpful hero heroes heureuse heureux hilarious honest hooked hooray immaculate impeccable impressed
        incredible incroyable incroyables inoubliable interessant interessante intuitif intuitive irreprochable joie
        joli jolie jolies jolis joy juicy kiffant kiffe kind king knowledgeable kudos larmes legend legendaire
        legends lifesaver longue love loved lovely loves loving magic magical magique magnifique magnifiques marrant
        masterclass meilleur meilleure meilleurs memorable merci merveille merveilleuse merveilleux mieux mignon
        mignonne miss missed moelleux mythique neat nice nickel niquel notch obsessed ouf outstanding parfait
        parfaite parfaitement parfaits passionnant passionnante patient patiente peak pepite perfect perfection
        perfectly perle phenomenal plaisir pleased polite ponctuel ponctuelle pratique precis prefere preferee
        preferes pretty pro professional professionnel professionnelle professionnels prompt propre propres props
        pros proud punctual qualite quality queen quick quickly rapide rapides ravi ravie ravis ravissant ravissante
        reactif reactifs reactive recommande recommend recommended reconnaissant reconnaissante regal regale regales
        reine reliable remarkable remarquable remercie remerciements remercions respect respecte reussi reussie
        reviendrai reviendrons roi satisfait satisfaite satisfaits satisfied sauve sauvee saved savoureuse savoureux
        seamless serieux simple slaps slick smooth soft soigne soignee solid solide solved sorted souriant souriante
        souriants sourire sparkling splendide splendides spotless stable star stars stunning sturdy stylee stylish
        sublime super superb superbly superior sweet sympa sympas sympathique tasty tender thank thanks thankyou
        thoughtful thx top touchant treat tuerie unforgettable unique unreal utile valide validee vibes vie vivement
        warm welcome welcoming welldone wonderful woohoo worth wow yay yum yummm yummy
    """,
    "cross": """
        abime abimee abimes abrupt abuse abuser abusif abusive agacant agace again annoying annulation annule
        annulee apologise apology appalling appel appels arnaque arnaquer arnaques arnaqueurs around arrogant
        arrogante attendons attendre attends attendu attente aucun aucune avocat avoid awful bad baisse balade
        baladee balader bateau bent beug beugs bins bland bloque bof bouchon bridage broke broken bruit brule brulee
        bug buggue buggy bugs bugue burned burnt calvaire cancel canceled cancellation cancelled cancelling careless
        casse cassee cassees casses catastrophe catastrophique cauchemar chargeback charged chase chased chasing
        cheaply cher chere chers cheveu churn chute client cold compensation complain complaint condescending conso
        contract contrefacon counterfeit coupure coupures cracked crade crash crashed crashes crashing cru crue
        damaged days dc deceptive decevant decevante deconnecte deconnexion deconnexions decu decue decus defect
        defective defects defectueuse defectueux degoutant degoute degoutee degradation degrade degradee degringole
        degueulasse delay delayed delays dented deplorable depot depuis desagreable desastre desinvolte desync deux
        dirty disappointed disappointing disconnect disconnected disconnects disgrace disgraced disgraceful
        disgusting dishonest dismissive dispute dommage double down downhill dreadful dur dure ecran encore enerve
        enervee enfer erreur error errors escroc escrocs escroquerie etoile excuse excuses expired facture facturee
        fade fail failed failing fake fatigant fatigue fatiguee faulty fausse fausses faux fed ferme fermee fermees
        fige file filthy fissure flimsy fois fout foutage foutent foutez foutre fraudes freeze freezes freezing
        froid froide frustrated frustrating fuir fuite fuyez galere galeres garbage gaz gele ghosted glacial
        glaciale gras grasse greasy greed greedy gueule hair hang hanging hangup honte honteuse honteux hopeless
        horrible horribles hours hs huissier hung ignore ignored ignores immangeable impolie impossible inacceptable
        inaccurate inadmissible incompetence incompetent incompetents incorrect indisponible indisponibles inedible
        injoignable injoignables insupportable intoxication inutile inutiles issue issues jamais joke jour jours ko
        lag laggue laggy lags lague lamentable late lawyer leak leaked leaking leaks leaving lent lente lenteur
        lents liar lied lies litige litter lost loud lying maintenance malade malfunction malfunctioning malpoli
        manquait manquant manquante manque marre mauvais mauvaise mauvaises mediocre menee mensonge mensonger
        mensongere mensonges menteurs mepris meprisant mess misleading misled missing mistake mistakes moisi moisie
        moisis mold months moque moquent moquez mouldy nerf nerfed never nid nids nightmare nobody noir noisy nul
        nulle nulles nuls odeur offline ombudsman outage outrageous overcharged overcooked overcrowded overflowing
        overheated overpriced panne pannes passed pathetic perdu perdue perdus perime perimee personne pietre pire
        plainte plantages plante poireaute poisoning poor portes pothole potholes poubelle poubelles poule pourri
        pourrie pourris preleve prelevement problem probleme problemes problems promise promised promises queue
        queued queues raccroche rale rame rament ramer rate ratee raw reclamation recommence refund refunded regret
        regrets regrette relance relancer relances rembourse remboursee remboursement rembourser rembourseront
        repond repondent reponse report reporting repression resiliation resilier retard retards ridiculous rien rip
        ripoff ripped robbed robbery rollback rotten rouille rubbish rude rudely ruined rupture sale sales saoule
        sauvage scam scammed scandaleuse scandaleux scratched sec seche semaine semaines serveurs service shambles
        shame shattered shoddy sick signalement signaler since sloppy slow smells smelly soggy sorry souci soucis
        soule stained stale standard standards stealing still stinks stuck supposed switch switching tache taches
        tacky tasteless terrible theft thrice timeout timeouts torn toujours trading transfere transferred trash
        tribunal tromperie trompeur trompeuse trop trou trous twice unacceptable unanswered uncollected undercooked
        understaffed unfair unfortunately unhelpful unplayable unreachable unreliable unresponsive unstable unusable
        useless usine vide voicemail voleurs vomi wait waited waiting waste wasted weeks wiped worse worsened worst
        wrong yet zero
    """,
    "insult": """
        abruti abrutie abrutis airhead ape apes arse arsehole arseholes ass asshole assholes attarde attardes
        autiste baleine bamboula basane bastard bastards batard batarde batards beaner beat bellend bicot bitch
        bitches bite blaireau bollocks bolos boloss bomb bootlicker bouffe bouffon bouffons bougnoule bougnoules
        bozo bozos braindead branleur branleurs bronze bruler buffoon buffoons bullshit burn buter cafard cafards
        cassos charlots chav chienne chink chinks chintok choke clochard clochards clown clowns cockroach
        cockroaches cogner con conar conard conards connard connards connasse connasses conne connes cons coon
        couille couilles cow creep cretin cretine cretins crevard creve crever creves crevez crook crooks crybabies
        crybaby cunt cunts debile debiles debilos dechet dechets defoncer degage degagez degenerate degenerates
        demeure deport deported dick dickhead dickheads die dimwit dipshit disgusting dolt douche douchebag dumb
        dumbass dumbfuck dunce dyke egorger encule enculee encules enflure enflures enfoire enfoires fag faggot
        faggots fags fat fatso fatty fdp feignasse feignasses feuj filth fiotte fiottes frapper freak freaks fuck
        fucker fuckers fuckface fucking fuckwit git gogole golliwog gook gouine grognasse grosse grosses gtfo guenon
        gueule guignol guignols gypsies gypsy hag hags halfwit halfwits hang hanging hoe hoes idiot idiote idiotic
        idiots ignoramus imbecile imbeciles inbred inbreds incapable incapables incel jackass jews kike kill knob
        knobhead konar kys laideron larbin lardarse leech leeches libtard lopette loser losers lowlife lowlifes
        lunatic macaque macaques merde merdes merdeux mere minable minables moche mongol mongole mongols monkeys
        moron moronic morons mort motherfucker motherfuckers muppet muppets muslims neck negre negres negresse nigga
        nigger niggers nique niquer nitwit nonce nonces noose ntm numpty ordure ordures paki pakis parasite
        parasites pathetic pays pd pede pedes pendre pends pervert perverts petasse pig pigs pikey pikeys pillock
        porc porcs pouffiasse pourriture pourritures prick pricks psycho psychos ptn putain pute putes race races
        raclure raghead rape raped rat ratee raton rats rentre retard retarded retards rigolos rope sac salaud
        salauds salopard salopards salope salopes savages scum scumbag scumbags sewer shit shithead shitheads shitty
        shoot shooting shut sidaique simp simps singe singes skank slut sluts smash snowflake snowflakes sous sow
        spastic spaz spic stab stfu stupid subhuman suce sucer sucez suicide tafiole tantouze tapette tarlouze
        tarlouzes tart tdc terrorists tg thieves thot thots throat tocard tocards tosser tossers towelhead tranny
        trash trashy travelo travelos triso trisomique troglodyte trouduc trouducul truie tuer twat twats ugliest
        ugly vache vermin vermine vieille vieux violer vtff wanker wankers weirdo weirdos wetback whale whore whores
        youpin zipperhead
    """,
    "buy": """
        abonnement abonner acceptez account achat achats achete acheter acompte acquerir adherer adhesion
        anniversaire annual appointment appointments association availability available belgique besoin bespoke
        billet billets book booking boutique brochure budget bulk buy buying cadeau canada card carte catalogue
        catering cb cherche cherchons class classes collab collaborate collaborer collectivite colloque coloris
        colors colour colours combien commande commander conference consultation contrat corporate cost costs
        couleur cours courses coute couterait creneau creneaux custom customised customized delai delais deliver
        delivery demo deposit devis discount discounts dispo disponibilite disponibilites disponible disponibles
        distribuer distribute distributeur distributing distribution distributor dm engraved enquire enquiries
        enquiry enrol enroll enrolment enterprise entreprise envoyer envoyez essai essayer estimate europe event
        events exemplaires existe expedier expediez faites finance financement fit fois forfait forfaits formule
        formules gamme gift gros grossiste group groupe groupes groups hire info infos inquire inquiry inscription
        inscriptions inscrire installments instalments interesse interessee interessent interesserait interesses
        interested international invoice invoicing ireland isa join joining klarna lessons licence licences license
        like livrable livraison livrer livrez loan location looking lots louer mariage membership mesure migrate
        minimum modele monthly moq mortgage much need offre offres onboarding open opening options order ordering
        orders overseas paiement partenaire partenaires partenariat partner partnership partnerships party pay payer
        payment paypal personalised personalized personnalise personnaliser personnes pieces place places plan plans
        pointure possible precommande precommander preorder preordering preorders price prices pricing private
        privatisation privatiser prix pro promo proposal proposez purchase purchased purchasing qty quantite
        quantites quantity quotation quote quotes rate rates rdv reassort recherche recherchons reduction ref
        reference rendez renseignement renseignements rent rental reseller reservation reservations reserve reserver
        restock restocked restocking retour retreat revendeur rfp salaries seance seat seats sell selling seminaire
        ship shipping sign size sizes slot slots societe souhaite souhaiterais souhaitons souscrire sso stock
        subscribe subscription suisse supplier switch switching table taille tailles tailor tarif tariff tariffs
        tarifs tester ticket tickets tier tiers tour traiteur trial unites units upgrade variants vendez vendor
        vendre vends viewing virement visit visite visiter voucher vouchers voudrais voudrions want wanted wedding
        wholesale worldwide would
    """,
    "ask": """
        anyone are avez can combien comment could do does faut how is ou peut pourquoi pouvez quand quel quelle
        quelles quels qui quoi savez savoir should what when where which who whose why will would
    """,
    "hurry": """
        aide allergic allergie allergique allergy ambulance asap aujourd aujourdhui baby bebe bleeding blesse
        blessee blesses bloque bloquee bloques danger dangereux dangerous demain emergency enfant feu fire fraud
        fraude fuite gas gaz hacked help hopital hospital hours hurry hurt immediat immediately immediatement
        incendie injured insulin leak locked maintenant menace minutes mourir now piratage pirate piratee police
        pompiers quickly rapidement samu secours smoke soir stolen stranded stuck suicide threat threatening today
        tomorrow tonight tuer unsafe urgence urgent urgente urgently vite vole volee
    """,
    "wish": """
        add adding aimerais aimerait ajout ajouter ajoutez ameliorer bring consider could devrait devriez envisager
        faudra faudrait feature feedback idea ideas idee idees improve improvement instead manque maybe mettez
        mettre option pensez perhaps please possible pourrait pourriez pourrions prevoir prevoyez propose proposer
        request serait seriez should souhaite souhaiterais suggere suggest suggesting suggestion suggestions vote
        wish wishlist would
    """,
    "bait": """
        abonnes affectif airdrop ambassador bio bitcoin btc casino cheap claim click clique cliquez code coins
        collab credit credits crypto dm earn eth euros followers forex free gagner gagnez gems generator giveaway
        gratuit gratuite gratuits guaranteed hacker income invest investir investissement investment lien likes link
        loan loans marabout medium mois mp nft nudes onlyfans pari paris presale pret prets profit profits promo
        pronos pronostics recover recovery rentable replica retour signals subs survey telegram trader trading
        voyant whatsapp win winner winners
    """,
    "not": """
        aint aren aucun aucune can cannot cant couldn didn didnt doesn doesnt don dont isn isnt jamais n ne never ni
        no non none nor not nothing pas plus point sans wasn wasnt without won wont wouldn
    """,
}
