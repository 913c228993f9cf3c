"""First names, and short family names, that are given to people and are not French words.

The list need not be whole: a name that is no known word is masked anyway. It names those that
look or sound like a word, and their neighbours.
"""

from __future__ import annotations

from bot.components.reading import word_set

FIRST_NAMES = word_set("""
    aaliyah aaron abdallah abdel abdelkader abdou abdoul abdoulaye abdul abigail abraham achille
    adama adele adeline adem adrian adriana adrien adrienne agathe agnes ahmed aicha aida aimee
    aissa aissata aissatou akim alan alassane albane albert alejandro aleksandra alessio alex
    alexandra alexandre alexandru alexia alexis alfred alia alice alicia alina aline alissa alix
    aliya allan alma aloise alphonse alya alyssa amadou amandine amara amaury amel amelia amelie
    amin aminata amine amir amira anael anais anastasia anatole anaya andre andrea andreea andrei
    andrew andy anes angela angelina angelo anh anis anissa anita annabelle annick annie anouar
    anouk anthony antoine antoinette anton antonin antonio apolline archibald aria ariane arielle
    aris arman armand armel armelle arnaud arthur arya asma assa assane assetou assia assya astou
    astrid aubin aude audrey auguste augustin aurelia aurelie aurelien austin awa axel axelle aya
    ayaan aydan ayden aylin ayman aymen aymeric ayoub ayse aziz aziza azra babacar bakary baptiste
    barbara bastien batiste beatrice belkacem benedicte benoit berenice bertrand bianca bilal bilel
    bineta binta bintou birane boris boubacar brahim brahima brandon brian bruno bryan calista
    calixte calvin carine carl carla carlos carole caroline cassandra cassandre cassie catherine
    cathy cecile cecilia cedric celestin celestine celia celine cem cesar chahinez chaima chang
    chantal chen chiara chloe christelle christian christiane christine christophe cindy clara
    clarisse claude claudia claudie claudine clelia clotilde colin coline corentin corinne coumba
    cristina curtis cyprien cyril cyrille daniela daniele danielle daouda daphne dario david deborah
    delphine demba denise deniz diana diego dimitri dina djamel djamila djenaba djibril dmitri
    dominique donia dorian doriane dorothee dounia dragan driss dylan eddy eden edgar edith edmond
    edouard edwin ela elena eleonore eli elia eliana elias elie eliette elif eliot elisa elisabeth
    elise elizabeth ella ellie elliot elliott eloane elodie eloi eloise elouan elsa elvira elyas
    elyes elyne emel emeline emeric emile emilia emilie emilien emin emine emir emma emmanuel
    emmanuelle emmy emre emy enes ennio enora enzo eren eric erika erwan erwann esma esteban estelle
    etan etane ethan eugene eugenie eva evan evann evelyne ewen eya eytan fabien fabienne fabio fadi
    fadila fadoua faiza fanny fanta farah fares farid farida fatiha fatima fatma fatna fatou
    fatoumata faustine fayza felicia felicie felix fernand fernando filip fiona firmin flavie
    flavien flora florent florian floriane florine fofana francine francisco franck francoise frank
    fred frederic frederique gabin gabriel gabriela gabriele gabrielle gael gaelle gaetan gauthier
    genevieve geoffrey gerald geraldine ghislaine ghita gianni gilbert gina ginette giovanni giulia
    gloria goran gregoire gregory guilhem guillemette gustave gwenael gwenaelle gwendoline habib
    habiba hadja hafid hafida hajar hakim halim halima hamed hamid hamza hana hanae hanna hannah
    haoua haris haroun harouna harry hasan hassan hassane hassna hatice hawa hayat hector hedi
    helena helene helin heloise henda henriette herve hicham hind hoang honorine hortense houda
    huang hubert hugues huong huseyin hussein ian ibrahim ibrahima ibtissem idir idriss idrissa
    ikram ilan ilham ilian iliana ilias ilies ilyan ilyas ilyes imad iman imane imen imran imrane
    ina inaya ines ingrid ioana irene irina isaac isabel isabella isabelle isis islam ismael ismail
    isra issa issam itan ivan ivana iyad izia jacob jacqueline jaden jalil jamal james jamila jana
    janelle janna jasmine jason jawad jayden jayson jenna jennifer jenny jeremie jeremy jerome
    jessica jessie jessy jihane jimmy joachim joan joana joanna joao jocelyn jocelyne joel joelle
    joey joffrey johan johanna john johnny jonas jonathan jordan joris joseph josephine joshua
    josiane josselin joyce juan judith julia julian juliana julie juliette julio juna justin justine
    kader kadiatou kadidiatou kadija kaina kais kali kamal kamel kamil kamila karen karima karine
    karl kassandra kassim katia keira kelly kelyan kenan kenza kenzi kenzo kerim kevan khadidja
    khadija khadim khady khaled khalid khalil khaoula kiara kilian killian kim kimberley kirill
    koffi kouame kumar kurt kylian kyllian laetitia lahcen lamia lamine lan lana lancelot lara
    laureen laurence laurene laurine laury laya layana layla lea leana leandre leandro leane leena
    leia leila lena leni lenny leo leonard leonie leonor leonora leonore leopold leslie leticia
    levana leyla li lia liam lian liana lidia ligia lilian liliana liliane lilou lily lin lina linda
    linh lino lionel lisa lisandro liv livia liyah lizea loan loane logan lohan loic lois lola
    lolita lorena lorenzo loris lotfi louane louann louanne louay loubna louca loucas louisa louison
    louka loukas luan luana lubin luca lucas lucette lucia lucie lucien lucienne lucile lucille lucy
    ludivine ludovic luis luisa luka lukas luna lyah lyam lyana lydia lyes lyna lyne lynn maceo
    madeleine madeline madi mado mady mae mael maelia maelie maelle maelys maeva magali magalie
    magdalena maha mahaut mahdi mahe maher mahmoud maia maimouna maissa maiwenn malak malek malia
    malick malik malika maliya mallory malo malya mamadou mamoudou manal manel manon manuela maram
    marceau marcel marcelle marco marcus margaux margot marguerite mariam mariama mariana marianne
    marielle mariem marieme marilou marilyne mario marius marjorie marko marlene marley marlon
    marouane marta martha marthe marvin marwa marwan maryam maryame maryline maryse mateo mathias
    mathieu mathilda mathilde mathis mathys matias matilda matis matteo matthias matthieu maud maude
    maureen maurice maxence maximilien maylis mayron mayssa mayssane mbaye mehdi mehmet meissa
    melanie melik melina melinda meline melisa melissandre melodie melody melvin melvyn meriem merve
    merwan meryem meryl mia michael michela michele micheline mickael micke miguel mihai mika mikael
    mikail mike mila milan milana milena milo milos mina ming minh mira mirela miriam mirko miroslav
    mody mohamed mohammed moise molly momar mona monia monica monique morgan morgane mouhamed mouna
    mounia mounir mourad moussa muhammad murat mustafa mustapha mya mylan mylene myriam nabil nabila
    nabile nada nadege nadia nadine nael naelle nahel nahil naila naim naima najat najib nana nancy
    naomi naomie nasser nassim nassima natacha natalia nathalie nathan nathanael nathanel naya nayla
    nazim ndeye neil neila nelia nell nella nelly nelson nermine nesrine nessim neva ngoc nguyen
    nicolae nicolas niels nihad nikita nil nils nina nino ninon nisrine nizar noa noah noam noan noe
    noelia noelie noeline noella noemie noham nohan nolan nolwenn nora norah norbert nordine norma
    nouhaila noumidia nour noura noure nouria nylan oceane octavie odette odile olga olivia omar
    omer omran orane orlane oscar osman othmane ouarda oumar oumou oumy ousmane oussama owen ozan
    pablo paola paolo patricia patrick paula paulette paulin pauline paulo pedro penda penelope
    philippe philomene phuong pierrick priscilla priya quentin quynh rabah rabia rachel rachid
    rachida rafael rafaela rafi raissa raja rajae rajesh ralph rama ramata ramatoulaye ramdane rami
    ramy ramzi rania raoul raphael raphaelle raquel rayan rayane rayen raymond raymonde razane reda
    redouane regina remi renaud rene rhita riad ricardo richard rida rim rita riwan riyad roberta
    roberto rodrigo rodrigue rokia rolande rolland romane romaric romeo romy ronald rosa rosalia
    rosanna rosario roselyne rosine ruben rudy ryan saad saadia sabah sabine sabri sabrina sacha
    sadia sadio safa safaa safia safiatou sahra said saida saif salif saliha salim salima salimata
    salma saloua samba sami samia samir samira samson samuel samy sana sanaa sandra sandrine sandy
    sara sarah saran sasha sayan sebastian sebastien sekou selena selim selin selma selyan serena
    serge sergio sergiu servane seydou shaina shana shanice shanna shelby sherine shirley sibel sidi
    sidonie siham silvia silvio simao simone sina sinan sira sirine sixtine soan sofia sofian
    sofiane sohan soizic solal solene solenn soline sonia sonny sophia sophie soren souad soufiane
    soukaina souley souleymane soumaya soumia stan stana stanislas steeve stella stephan stephane
    stephanie stephen steve steven stevy sullivan suzan suzanne suzy svetlana swan swann sybille
    sylla sylvain sylvaine sylvie syrine taha tahar tala talia talya tamara tania tao tara tarek
    tariq tatiana taylor tea tess tessa thais thalia thana thea theo theodore theophile theresa
    therese thi thiago thibaud thibault thibaut thierry thomas tiago tidiane tifany tifenn tiffany
    tijani tilio tim timeo timothe timothee timur tina tino titouan tom tomas tommy tony toufik tran
    tuan tugba ugo ulysse umut ursula vadim valentin valentina valere valeria valeriane vanessa
    vanina vasile vera veronique viktor viktoria vincent violaine viviane vivienne vlad vladimir
    wael wafa waheb wahiba waleed walid wang warren wassim wei wendy wiam wided wilfrid wilfried
    willem william willy wissam wissem xavier xia xiao yacine yael yaelle yahya yamina yan yana
    yanis yann yanna yannick yannis yaqub yara yasin yasmin yasmina yasser yassin yassine yazid ylan
    yoan yoann yohan yohann yolande yonas youcef younes youness youssef youssouf youssra ysee yuna
    yuri yusuf yvan yves yvette yvon yvonne zacharie zachary zack zackary zahia zahra zaina zainab
    zakaria zakarya zara zayd zayn zaynab zehra zeinab zeineb zeynep zhang zhao zhou zied zina zineb
    zinedine zoe zohra zoubida zoulikha zyad
""")
