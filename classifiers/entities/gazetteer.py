"""Names of places: cities, regions, departments and countries where French and English are spoken, and some beyond.

Cities by country; a comma parts two names. Names that are words, first names or goods too stand under `DOUBTFUL`.
"""

from __future__ import annotations

from collections.abc import Mapping

CITIES: Mapping[str, str] = {
    "FR": """
        Paris, Marseille, Lyon, Toulouse, Nice, Nantes, Montpellier, Strasbourg, Bordeaux, Lille, Rennes, Reims,
        Toulon, Saint-Étienne, Le Havre, Grenoble, Dijon, Angers, Villeurbanne, Saint-Denis, Nîmes, Clermont-Ferrand,
        Le Mans, Aix-en-Provence, Brest, Tours, Amiens, Limoges, Annecy, Boulogne-Billancourt, Perpignan, Metz,
        Besançon, Orléans, Rouen, Argenteuil, Montreuil, Mulhouse, Caen, Nancy, Tourcoing, Roubaix, Nanterre,
        Vitry-sur-Seine, Créteil, Avignon, Poitiers, Aubervilliers, Asnières-sur-Seine, Colombes, Dunkerque,
        Aulnay-sous-Bois, Versailles, Courbevoie, Béziers, La Rochelle, Rueil-Malmaison, Pau, Cherbourg, Mérignac,
        Antibes, Ajaccio, Saint-Nazaire, Champigny-sur-Marne, Cannes, Noisy-le-Grand, Drancy, Cergy, Levallois-Perret,
        Issy-les-Moulineaux, Calais, Colmar, Quimper, Pessac, Vénissieux, Valence, Bourges, Ivry-sur-Seine, Clichy,
        Antony, Troyes, La Seyne-sur-Mer, Montauban, Villeneuve-d'Ascq, Neuilly-sur-Seine, Niort, Chambéry, Lorient,
        Sarcelles, Hyères, Saint-Quentin, Beauvais, Cholet, Vannes, Maisons-Alfort, La Roche-sur-Yon, Fréjus, Arles,
        Laval, Évry, Meaux, Bobigny, Narbonne, Grasse, Bondy, Clamart, Sartrouville, Albi, Vincennes,
        Charleville-Mézières, Martigues, Bayonne, Saint-Malo, Bastia, Brive-la-Gaillarde, Aubagne, Chalon-sur-Saône,
        Blois, Saint-Brieuc, Carcassonne, Châteauroux, Sète, Valenciennes, Salon-de-Provence, Meudon, Puteaux,
        Alfortville, Istres, Talence, Angoulême, Boulogne-sur-Mer, Castres, Thionville, Tarbes, Arras, Alès,
        Bourg-en-Bresse, Compiègne, Gap, Melun, Douai, Lens, Roanne, Vichy, Nevers, Auxerre, Montélimar, Mâcon, Agen,
        Épinal, Châlons-en-Champagne, Saint-Raphaël, Draguignan, Chartres, Évreux, Périgueux, Dieppe, Vienne,
        Soissons, Saumur, Sens, Lourdes, Biarritz, Anglet, Dax, Rodez, Aurillac, Millau, Cahors, Auch, Foix, Mende, Le
        Puy-en-Velay, Privas, Aubenas, Digne-les-Bains, Briançon, Manosque, Cavaillon, Carpentras, Menton,
        Cagnes-sur-Mer, Saint-Tropez, Bandol, Vitrolles, Marignane, Lunel, Agde, Royan, Saintes, Rochefort, Cognac,
        Libourne, Arcachon, Bergerac, Guéret, Tulle, Montluçon, Moulins, Vierzon, Dreux, Vernon, Lisieux, Alençon,
        Argentan, Deauville, Honfleur, Saint-Lô, Granville, Avranches, Fougères, Vitré, Redon, Dinan, Dinard, Lannion,
        Morlaix, Concarneau, Pontivy, Auray, Guérande, La Baule, Rezé, Ancenis, Les Sables-d'Olonne, Challans,
        Fontenay-le-Comte, Bressuire, Parthenay, Châtellerault, Loudun, Chinon, Amboise, Vendôme, Romorantin,
        Pithiviers, Montargis, Fontainebleau, Provins, Étampes, Rambouillet, Poissy, Mantes-la-Jolie,
        Saint-Germain-en-Laye, Pontoise, Creil, Senlis, Chantilly, Laon, Abbeville, Maubeuge, Cambrai, Béthune,
        Hazebrouck, Armentières, Sedan, Épernay, Vitry-le-François, Chaumont, Langres, Saint-Dizier, Bar-le-Duc,
        Verdun, Lunéville, Toul, Sarreguemines, Forbach, Haguenau, Sélestat, Saverne, Belfort, Montbéliard, Vesoul,
        Lure, Pontarlier, Dole, Lons-le-Saunier, Oyonnax, Annemasse, Thonon-les-Bains, Cluses, Chamonix, Albertville,
        Aix-les-Bains, Voiron, Bourgoin-Jallieu, Villefranche-sur-Saône, Givors, Bron, Vaulx-en-Velin,
        Caluire-et-Cuire, Saint-Priest, Romans-sur-Isère, Le Creusot, Beaune, Autun, Saint-Chamond, Firminy, Riom,
        Issoire, Thiers, Saint-Flour, Mont-de-Marsan, Villeneuve-sur-Lot, Marmande, Pamiers, Muret, Colomiers,
        Blagnac, Corte, Porto-Vecchio, Fort-de-France, Pointe-à-Pitre, Cayenne, Mamoudzou, Nouméa, Papeete
    """,
    "BE": """
        Bruxelles, Brussels, Anvers, Antwerp, Gand, Ghent, Bruges, Liège, Namur, Charleroi, Mons, Louvain, Leuven,
        Louvain-la-Neuve, Tournai, Mouscron, Verviers, Wavre, Nivelles, Arlon, Bastogne, Dinant, Huy, Seraing, La
        Louvière, Ostende, Courtrai, Malines, Hasselt, Genk, Waterloo, Ixelles, Uccle, Schaerbeek, Anderlecht,
        Molenbeek, Etterbeek
    """,
    "CH": """
        Genève, Geneva, Lausanne, Zurich, Zürich, Berne, Bern, Bâle, Basel, Fribourg, Neuchâtel, La Chaux-de-Fonds,
        Sion, Montreux, Vevey, Nyon, Yverdon, Yverdon-les-Bains, Morges, Bienne, Delémont, Martigny, Sierre, Lugano,
        Lucerne, Winterthour, Saint-Gall, Carouge, Lancy, Vernier, Meyrin, Monthey, Porrentruy
    """,
    "CA": """
        Montréal, Québec, Laval, Gatineau, Longueuil, Sherbrooke, Lévis, Saguenay, Trois-Rivières, Terrebonne,
        Saint-Jean-sur-Richelieu, Drummondville, Saint-Jérôme, Granby, Rimouski, Chicoutimi, Rouyn-Noranda, Val-d'Or,
        Victoriaville, Shawinigan, Saint-Hyacinthe, Joliette, Sept-Îles, Repentigny, Brossard, Mirabel, Blainville,
        Toronto, Ottawa, Vancouver, Calgary, Edmonton, Winnipeg, Halifax, Moncton, Mississauga, Saskatoon, Regina
    """,
    "GB": """
        London, Birmingham, Manchester, Leeds, Liverpool, Sheffield, Bristol, Newcastle, Nottingham, Leicester,
        Glasgow, Edinburgh, Cardiff, Belfast, Southampton, Portsmouth, Brighton, Plymouth, Derby, Stoke-on-Trent,
        Wolverhampton, Coventry, Sunderland, Norwich, Swansea, Aberdeen, Dundee, Oxford, Cambridge, York, Bath,
        Reading, Exeter, Gloucester, Cheltenham, Worcester, Hereford, Shrewsbury, Chester, Warrington, Preston,
        Blackpool, Blackburn, Bolton, Bury, Oldham, Rochdale, Stockport, Salford, Wigan, Huddersfield, Halifax,
        Bradford, Wakefield, Harrogate, Doncaster, Rotherham, Barnsley, Hull, Grimsby, Scunthorpe, Lincoln,
        Peterborough, Northampton, Milton Keynes, Bedford, Luton, Watford, Slough, Swindon, Basingstoke, Guildford,
        Woking, Crawley, Eastbourne, Hastings, Canterbury, Dover, Maidstone, Southend, Southend-on-Sea, Chelmsford,
        Colchester, Ipswich, Bournemouth, Poole, Weymouth, Torquay, Truro, Taunton, Salisbury, Winchester, Newport,
        Wrexham, Bangor, Aberystwyth, Carlisle, Lancaster, Durham, Darlington, Middlesbrough, Hartlepool, Gateshead,
        Inverness, Perth, Stirling, Paisley, Falkirk, Kilmarnock, Derry, Londonderry, Lisburn, Newry, Croydon,
        Wimbledon, Stevenage, Telford, Walsall, Dudley, Solihull, Burnley, Crewe, Macclesfield, Loughborough,
        Kettering, Corby, Rugby, Nuneaton, Tamworth
    """,
    "IE": """
        Dublin, Cork, Limerick, Galway, Waterford, Drogheda, Dundalk, Swords, Bray, Navan, Kilkenny, Ennis, Carlow,
        Tralee, Naas, Athlone, Letterkenny, Wexford, Sligo, Mullingar, Killarney
    """,
    "US": """
        New York, Los Angeles, Chicago, Houston, Phoenix, Philadelphia, San Antonio, San Diego, Dallas, San Jose,
        Austin, Jacksonville, Fort Worth, Columbus, Charlotte, San Francisco, Indianapolis, Seattle, Denver,
        Washington, Boston, El Paso, Nashville, Detroit, Oklahoma City, Portland, Las Vegas, Memphis, Louisville,
        Baltimore, Milwaukee, Albuquerque, Tucson, Fresno, Sacramento, Kansas City, Mesa, Atlanta, Omaha, Colorado
        Springs, Raleigh, Miami, Long Beach, Virginia Beach, Oakland, Minneapolis, Tulsa, Tampa, Arlington, New
        Orleans, Wichita, Cleveland, Bakersfield, Aurora, Anaheim, Honolulu, Riverside, Santa Ana, Lexington,
        Stockton, Pittsburgh, Saint Paul, Cincinnati, Anchorage, Henderson, Greensboro, Plano, Newark, Lincoln,
        Orlando, Irvine, Toledo, Jersey City, Chula Vista, Durham, Fort Wayne, Saint Petersburg, Laredo, Buffalo,
        Madison, Lubbock, Chandler, Scottsdale, Reno, Glendale, Norfolk, Winston-Salem, Boise, Richmond, Spokane,
        Baton Rouge, Tacoma, Fremont, Rochester, Salt Lake City, Des Moines, Little Rock, Birmingham, Brooklyn,
        Knoxville, Chattanooga, Savannah, Charleston, Ann Arbor, Eugene, Salem, Santa Fe, Boulder, Saint Louis
    """,
    "": """
        Amsterdam, Rotterdam, Berlin, Hambourg, Hamburg, Munich, Cologne, Francfort, Frankfurt, Madrid, Barcelone,
        Barcelona, Valencia, Séville, Lisbonne, Lisbon, Porto, Rome, Milan, Turin, Naples, Venise, Venice, Florence,
        Vienna, Prague, Varsovie, Warsaw, Budapest, Copenhague, Copenhagen, Stockholm, Oslo, Helsinki, Athènes,
        Athens, Istanbul, Casablanca, Rabat, Marrakech, Alger, Tunis, Dakar, Abidjan, Dubaï, Dubai, Tokyo, Sydney,
        Melbourne, Auckland, Singapour, Singapore, Luxembourg, Monaco
    """,
}

REGIONS = """
    Bretagne, Normandie, Occitanie, Nouvelle-Aquitaine, Île-de-France, Auvergne-Rhône-Alpes, Grand Est,
    Hauts-de-France, Pays de la Loire, Centre-Val de Loire, Bourgogne-Franche-Comté, Provence-Alpes-Côte d'Azur,
    Corse, Alsace, Lorraine, Auvergne, Aquitaine, Picardie, Bourgogne, Franche-Comté, Provence, Savoie, Haute-Savoie,
    Vendée, Finistère, Morbihan, Côtes-d'Armor, Ille-et-Vilaine, Loire-Atlantique, Maine-et-Loire, Mayenne, Sarthe,
    Gironde, Dordogne, Landes, Ardèche, Drôme, Isère, Haute-Garonne, Hérault, Gard, Bouches-du-Rhône, Vaucluse,
    Alpes-Maritimes, Pyrénées-Atlantiques, Pyrénées-Orientales, Pas-de-Calais, Seine-et-Marne, Seine-Saint-Denis,
    Val-de-Marne, Val-d'Oise, Hauts-de-Seine, Yvelines, Essonne, Bas-Rhin, Haut-Rhin, Moselle, Meurthe-et-Moselle,
    Puy-de-Dôme, Saône-et-Loire, Côte-d'Or, Doubs, Aveyron, Corrèze, Creuse, Charente-Maritime, Deux-Sèvres,
    Indre-et-Loire, Eure-et-Loir, Calvados, Seine-Maritime, Guadeloupe, Martinique, La Réunion, Guyane, Mayotte,
    Nouvelle-Calédonie, Wallonie, Flandre, Hainaut, Brabant wallon, Estrie, Montérégie, Outaouais, Gaspésie, Abitibi,
    Lanaudière, Laurentides, Ontario, Manitoba, Alberta, Nouveau-Brunswick, Nova Scotia, British Columbia,
    Colombie-Britannique, Yorkshire, Lancashire, Kent, Essex, Sussex, Surrey, Hampshire, Devon, Cornwall, Dorset,
    Norfolk, Suffolk, Cumbria, Northumberland, Cheshire, Derbyshire, Nottinghamshire, Staffordshire, Shropshire,
    Oxfordshire, Berkshire, Wiltshire, Hertfordshire, Buckinghamshire, Lincolnshire, California, Texas, Florida,
    Georgia, Ohio, Illinois, Michigan, Pennsylvania, New Jersey, North Carolina, South Carolina, Massachusetts,
    Connecticut, Colorado, Arizona, Oregon, Minnesota, Wisconsin, Tennessee, Kentucky, Alabama, Louisiana, Oklahoma,
    Missouri, Nevada, Utah, Maryland, Hawaii, Alaska, Kansas, Nebraska, Iowa, Indiana
"""

COUNTRIES = """
    France, Belgique, Suisse, Canada, Royaume-Uni, Angleterre, Écosse, Pays de Galles, Irlande, Irlande du Nord,
    États-Unis, Allemagne, Espagne, Italie, Portugal, Pays-Bas, Autriche, Pologne, Grèce, Suède, Norvège, Danemark,
    Finlande, Maroc, Algérie, Tunisie, Sénégal, Côte d'Ivoire, Cameroun, Chine, Japon, Inde, Brésil, Mexique,
    Australie, Turquie, Roumanie, République tchèque, Hongrie, Europe, Belgium, Switzerland, United Kingdom, England,
    Scotland, Wales, Ireland, Northern Ireland, United States, Germany, Spain, Italy, Netherlands, Austria, Poland,
    Greece, Sweden, Norway, Denmark, Finland, Morocco, Algeria, Tunisia, Senegal, China, Japan, India, Brazil, Mexico,
    Australia, Turkey, Romania, Hungary, New Zealand, South Africa, Nouvelle-Zélande, Afrique du Sud, UK, USA
"""

DOUBTFUL = """
    Nice, Tours, Angers, Lens, Brest, Sens, Bordeaux, Rennes, Nancy, Pau, Gap, Valence, Vienne, Cognac, Tulle, Die,
    Vichy, Chantilly, Calais, Grasse, Menton, Moulins, Saintes, Provins, Laval, Lourdes, Dole, Lure, Toul, Thiers,
    Beaune, Vernon, Bron, Mons, Huy, Sion, Vernier, Bath, Reading, Hull, Derby, Rugby, Poole, Bury, Chester, Lincoln,
    Preston, Dudley, Bolton, Cork, Swords, Bray, Ennis, Dover, Hastings, Sandwich, Slough, Crewe, Perth, Oxford, York,
    Phoenix, Austin, Charlotte, Columbus, Houston, Dallas, Washington, Mesa, Aurora, Buffalo, Madison, Chandler,
    Lexington, Henderson, Stockton, Savannah, Eugene, Salem, Boulder, Florence, Sydney, Regina, Victoria, Georgia,
    Kent, Essex, Devon, Surrey, Turkey, China, Champagne, Bourgogne, Landes, Gard, Doubs, Creuse, Mayenne, Moselle,
    Provence, Cologne, Rome, Milan, Troyes, Arras, Metz, Sedan, Cannes, Wavre, Malines, Riverside, Plano, Reno,
    Richmond, Denver, Durham, Cambridge, Halifax, Indiana, Utah, Nevada, Newport, Mende, Verdun, Langres, Chaumont,
    Rochefort, UK, USA, Lorraine, Savoie, Vannes, Redon, Creil, Auch, Foix, Agde, Auray, Dinan, Granville, Clichy,
    Antony, Valencia, Naples, Porto, Monaco, Lucerne
"""
"""Names that count only with a capital and a word of place before, or beside a postal code."""
