/* <jalon-chat>: the conversation with Jalon, on any page (docs/widget.md).
 *
 * One custom element in a shadow root. No dependency, no cookie, no request but to the server this
 * script comes from. What people and the directory write is only ever set as text.
 */
(() => {
  "use strict";

  if (customElements.get("jalon-chat")) return;

  const SCRIPT = document.currentScript ?? document.querySelector('script[src*="jalon.js"]');
  const SERVER = new URL(".", SCRIPT.src);
  const STORE = "jalon";
  const MAX_ENTRIES = 200;
  const ANSWER_TIMEOUT = 20000; // ms; the server answers or gives up long before
  const TYPING_DELAY = 400; // ms; a fast answer needs no announcement
  const STATE_PERIOD = 6000; // ms; the operator's pause is shown within ten seconds
  const RETRY_DELAYS = [5000, 10000, 20000, 30000]; // ms
  const QUICK_EXIT = "https://meteofrance.com/";
  const SMALL_SCREEN = "(max-width: 40em), (max-height: 30em)";

  // Read by channels/web/languages.py too, as JSON: the page without JavaScript says the same.
  const WORDS = {
    "fr": {
      "name": "Français",
      "subtitle": "Assistant automatique",
      "open": "Besoin d'aide ?",
      "close": "Fermer",
      "settings": "Réglages",
      "restart": "Recommencer",
      "quickExit": "Quitter vite",
      "quickExitHint": "efface la conversation et ouvre un site de météo",
      "conversation": "Conversation avec Jalon",
      "you": "Vous",
      "label": "Votre message",
      "placeholder": "Exemple : crèche à Bondy",
      "send": "Envoyer",
      "notice": "N'écrivez ni nom, ni numéro personnel.",
      "privacy": "Vos données",
      "accessibility": "Accessibilité",
      "typing": "Jalon écrit…",
      "notSent": "Votre message n'est pas encore parti. Vérifiez votre connexion, puis réessayez.",
      "notOpened": "Jalon ne répond pas. Vérifiez votre connexion, puis réessayez.",
      "offline": "Vous êtes hors connexion. Vos messages partiront au retour du réseau.",
      "retry": "Réessayer",
      "choices": "Choix proposés",
      "call": "Appeler le",
      "write": "Écrire à",
      "route": "Voir le trajet",
      "book": "Prendre rendez-vous",
      "site": "Site web",
      "source": "Source",
      "newTab": "(nouvel onglet)",
      "when": "Quand",
      "address": "Adresse",
      "phone": "Téléphone",
      "hours": "Horaires",
      "price": "Prix",
      "openNow": "Ouvert en ce moment, d'après ces horaires",
      "closedNow": "Fermé en ce moment, d'après ces horaires",
      "why": "Pourquoi ce choix",
      "distance": "à {km} km",
      "about": "à environ {km} km",
      "dated": "Information {date}.",
      "dateUnknown": "Date de l'information inconnue.",
      "listen": "Écouter",
      "stopListening": "Arrêter la lecture",
      "more": "Garder, partager, corriger",
      "copy": "Copier",
      "copied": "C'est copié.",
      "print": "Imprimer",
      "sms": "Envoyer par SMS",
      "calendar": "Ajouter à mon agenda",
      "wrong": "Signaler une erreur",
      "wrongAsk": "Qu'est-ce qui est faux ?",
      "wrongClosed": "Ce lieu a fermé",
      "wrongOther": "Autre chose",
      "size": "Taille du texte",
      "theme": "Couleurs",
      "themeAuto": "Comme l'appareil",
      "themeLight": "Claires",
      "themeDark": "Sombres",
      "themeContrast": "Très contrastées",
      "spacing": "Texte plus espacé",
      "language": "Langue",
      "speak": "Parler",
      "voiceWhy": "Vous parlez, votre navigateur écrit. Il peut envoyer votre voix à la société qui le fabrique. Jalon ne reçoit que le texte. Vous pourrez le relire avant de l'envoyer.",
      "voiceStart": "Utiliser le micro",
      "voiceNow": "Parlez maintenant…",
      "voiceFailed": "Je n'ai rien entendu. Vous pouvez écrire.",
      "cancel": "Annuler",
      "refused": "Votre navigateur ne le permet pas."
    },
    "en": {
      "name": "English",
      "subtitle": "Automatic assistant",
      "open": "Need help?",
      "close": "Close",
      "settings": "Settings",
      "restart": "Start again",
      "quickExit": "Leave quickly",
      "quickExitHint": "erases the conversation and opens a weather site",
      "conversation": "Conversation with Jalon",
      "you": "You",
      "label": "Your message",
      "placeholder": "Example: nursery in Bondy",
      "send": "Send",
      "notice": "Do not write your name or any personal number.",
      "privacy": "Your data",
      "accessibility": "Accessibility",
      "typing": "Jalon is writing…",
      "notSent": "Your message has not been sent yet. Check your connection, then try again.",
      "notOpened": "Jalon is not answering. Check your connection, then try again.",
      "offline": "You are offline. Your messages will be sent when the network is back.",
      "retry": "Try again",
      "choices": "Choices",
      "call": "Call",
      "write": "Email",
      "route": "Get directions",
      "book": "Book an appointment",
      "site": "Website",
      "source": "Source",
      "newTab": "(new tab)",
      "when": "When",
      "address": "Address",
      "phone": "Phone",
      "hours": "Hours",
      "price": "Price",
      "openNow": "Open now, according to these hours",
      "closedNow": "Closed now, according to these hours",
      "why": "Why this one",
      "distance": "{km} km away",
      "about": "about {km} km away",
      "dated": "Information dated {date}.",
      "dateUnknown": "Date of the information unknown.",
      "listen": "Listen",
      "stopListening": "Stop reading",
      "more": "Keep, share, correct",
      "copy": "Copy",
      "copied": "Copied.",
      "print": "Print",
      "sms": "Send by SMS",
      "calendar": "Add to my calendar",
      "wrong": "Report a mistake",
      "wrongAsk": "What is wrong?",
      "wrongClosed": "This place has closed",
      "wrongOther": "Something else",
      "size": "Text size",
      "theme": "Colours",
      "themeAuto": "Same as the device",
      "themeLight": "Light",
      "themeDark": "Dark",
      "themeContrast": "High contrast",
      "spacing": "More space in the text",
      "language": "Language",
      "speak": "Speak",
      "voiceWhy": "You speak, your browser writes. It may send your voice to the company that makes it. Jalon receives only the text. You can read it again before sending it.",
      "voiceStart": "Use the microphone",
      "voiceNow": "Speak now…",
      "voiceFailed": "I heard nothing. You can write.",
      "cancel": "Cancel",
      "refused": "Your browser does not allow it."
    },
    "ar": {
      "name": "العربية",
      "subtitle": "مساعد آلي",
      "open": "هل تحتاج إلى مساعدة؟",
      "close": "إغلاق",
      "settings": "الإعدادات",
      "restart": "البدء من جديد",
      "quickExit": "خروج سريع",
      "quickExitHint": "يمسح المحادثة ويفتح موقعا للطقس",
      "conversation": "محادثة مع Jalon",
      "you": "أنت",
      "label": "رسالتك",
      "placeholder": "مثال: حضانة في Bondy",
      "send": "إرسال",
      "notice": "لا تكتب اسمك ولا أي رقم شخصي.",
      "privacy": "بياناتك",
      "accessibility": "إمكانية الوصول",
      "typing": "‏Jalon يكتب…",
      "notSent": "لم يتم إرسال رسالتك بعد. تحقق من الاتصال ثم أعد المحاولة.",
      "notOpened": "‏Jalon لا يجيب. تحقق من الاتصال ثم أعد المحاولة.",
      "offline": "أنت غير متصل. سيتم إرسال رسائلك عند عودة الشبكة.",
      "retry": "أعد المحاولة",
      "choices": "الاختيارات",
      "call": "اتصل بالرقم",
      "write": "اكتب إلى",
      "route": "عرض الطريق",
      "book": "حجز موعد",
      "site": "الموقع",
      "source": "المصدر",
      "newTab": "(نافذة جديدة)",
      "when": "متى",
      "address": "العنوان",
      "phone": "الهاتف",
      "hours": "أوقات العمل",
      "price": "السعر",
      "openNow": "مفتوح الآن حسب هذه الأوقات",
      "closedNow": "مغلق الآن حسب هذه الأوقات",
      "why": "لماذا هذا الاختيار",
      "distance": "على بعد {km} كم",
      "about": "على بعد حوالي {km} كم",
      "dated": "تاريخ المعلومة: {date}.",
      "dateUnknown": "تاريخ المعلومة غير معروف.",
      "listen": "استمع",
      "stopListening": "إيقاف القراءة",
      "more": "حفظ، مشاركة، تصحيح",
      "copy": "نسخ",
      "copied": "تم النسخ.",
      "print": "طباعة",
      "sms": "إرسال برسالة SMS",
      "calendar": "إضافة إلى التقويم",
      "wrong": "الإبلاغ عن خطأ",
      "wrongAsk": "ما هو الخطأ؟",
      "wrongClosed": "أغلق هذا المكان نهائيا",
      "wrongOther": "شيء آخر",
      "size": "حجم النص",
      "theme": "الألوان",
      "themeAuto": "مثل الجهاز",
      "themeLight": "فاتحة",
      "themeDark": "داكنة",
      "themeContrast": "تباين قوي",
      "spacing": "نص أكثر تباعدا",
      "language": "اللغة",
      "speak": "تكلم",
      "voiceWhy": "أنت تتكلم والمتصفح يكتب. قد يرسل صوتك إلى الشركة التي تصنعه. Jalon لا يتلقى إلا النص. يمكنك قراءته قبل إرساله.",
      "voiceStart": "استعمال الميكروفون",
      "voiceNow": "تكلم الآن…",
      "voiceFailed": "لم أسمع شيئا. يمكنك الكتابة.",
      "cancel": "إلغاء",
      "refused": "متصفحك لا يسمح بذلك."
    },
    "es": {
      "name": "Español",
      "subtitle": "Asistente automático",
      "open": "¿Necesita ayuda?",
      "close": "Cerrar",
      "settings": "Ajustes",
      "restart": "Empezar de nuevo",
      "quickExit": "Salir rápido",
      "quickExitHint": "borra la conversación y abre un sitio del tiempo",
      "conversation": "Conversación con Jalon",
      "you": "Usted",
      "label": "Su mensaje",
      "placeholder": "Ejemplo: guardería en Bondy",
      "send": "Enviar",
      "notice": "No escriba su nombre ni ningún número personal.",
      "privacy": "Sus datos",
      "accessibility": "Accesibilidad",
      "typing": "Jalon está escribiendo…",
      "notSent": "Su mensaje todavía no se ha enviado. Compruebe su conexión y vuelva a intentarlo.",
      "notOpened": "Jalon no responde. Compruebe su conexión y vuelva a intentarlo.",
      "offline": "No tiene conexión. Sus mensajes se enviarán cuando vuelva la red.",
      "retry": "Reintentar",
      "choices": "Opciones",
      "call": "Llamar al",
      "write": "Escribir a",
      "route": "Cómo llegar",
      "book": "Pedir cita",
      "site": "Sitio web",
      "source": "Fuente",
      "newTab": "(pestaña nueva)",
      "when": "Cuándo",
      "address": "Dirección",
      "phone": "Teléfono",
      "hours": "Horario",
      "price": "Precio",
      "openNow": "Abierto ahora, según este horario",
      "closedNow": "Cerrado ahora, según este horario",
      "why": "Por qué esta opción",
      "distance": "a {km} km",
      "about": "a unos {km} km",
      "dated": "Fecha de la información: {date}.",
      "dateUnknown": "Fecha de la información desconocida.",
      "listen": "Escuchar",
      "stopListening": "Parar la lectura",
      "more": "Guardar, compartir, corregir",
      "copy": "Copiar",
      "copied": "Copiado.",
      "print": "Imprimir",
      "sms": "Enviar por SMS",
      "calendar": "Añadir a mi calendario",
      "wrong": "Avisar de un error",
      "wrongAsk": "¿Qué está mal?",
      "wrongClosed": "Este lugar ha cerrado",
      "wrongOther": "Otra cosa",
      "size": "Tamaño del texto",
      "theme": "Colores",
      "themeAuto": "Como el dispositivo",
      "themeLight": "Claros",
      "themeDark": "Oscuros",
      "themeContrast": "Alto contraste",
      "spacing": "Texto más espaciado",
      "language": "Idioma",
      "speak": "Hablar",
      "voiceWhy": "Usted habla y su navegador escribe. Puede enviar su voz a la empresa que lo fabrica. Jalon solo recibe el texto. Podrá leerlo antes de enviarlo.",
      "voiceStart": "Usar el micrófono",
      "voiceNow": "Hable ahora…",
      "voiceFailed": "No he oído nada. Puede escribir.",
      "cancel": "Cancelar",
      "refused": "Su navegador no lo permite."
    },
    "pt": {
      "name": "Português",
      "subtitle": "Assistente automático",
      "open": "Precisa de ajuda?",
      "close": "Fechar",
      "settings": "Definições",
      "restart": "Recomeçar",
      "quickExit": "Sair depressa",
      "quickExitHint": "apaga a conversa e abre um site de meteorologia",
      "conversation": "Conversa com Jalon",
      "you": "Você",
      "label": "A sua mensagem",
      "placeholder": "Exemplo: creche em Bondy",
      "send": "Enviar",
      "notice": "Não escreva o seu nome nem números pessoais.",
      "privacy": "Os seus dados",
      "accessibility": "Acessibilidade",
      "typing": "Jalon está a escrever…",
      "notSent": "A sua mensagem ainda não foi enviada. Verifique a ligação e tente de novo.",
      "notOpened": "Jalon não responde. Verifique a ligação e tente de novo.",
      "offline": "Está sem ligação. As suas mensagens serão enviadas quando a rede voltar.",
      "retry": "Tentar de novo",
      "choices": "Escolhas",
      "call": "Ligar para",
      "write": "Escrever a",
      "route": "Como chegar",
      "book": "Marcar atendimento",
      "site": "Site",
      "source": "Fonte",
      "newTab": "(novo separador)",
      "when": "Quando",
      "address": "Morada",
      "phone": "Telefone",
      "hours": "Horário",
      "price": "Preço",
      "openNow": "Aberto agora, segundo este horário",
      "closedNow": "Fechado agora, segundo este horário",
      "why": "Porquê esta escolha",
      "distance": "a {km} km",
      "about": "a cerca de {km} km",
      "dated": "Data da informação: {date}.",
      "dateUnknown": "Data da informação desconhecida.",
      "listen": "Ouvir",
      "stopListening": "Parar a leitura",
      "more": "Guardar, partilhar, corrigir",
      "copy": "Copiar",
      "copied": "Copiado.",
      "print": "Imprimir",
      "sms": "Enviar por SMS",
      "calendar": "Adicionar à minha agenda",
      "wrong": "Assinalar um erro",
      "wrongAsk": "O que está errado?",
      "wrongClosed": "Este lugar fechou",
      "wrongOther": "Outra coisa",
      "size": "Tamanho do texto",
      "theme": "Cores",
      "themeAuto": "Como o dispositivo",
      "themeLight": "Claras",
      "themeDark": "Escuras",
      "themeContrast": "Alto contraste",
      "spacing": "Texto mais espaçado",
      "language": "Língua",
      "speak": "Falar",
      "voiceWhy": "Você fala, o seu navegador escreve. Ele pode enviar a sua voz à empresa que o fabrica. Jalon só recebe o texto. Poderá relê-lo antes de o enviar.",
      "voiceStart": "Usar o microfone",
      "voiceNow": "Fale agora…",
      "voiceFailed": "Não ouvi nada. Pode escrever.",
      "cancel": "Anular",
      "refused": "O seu navegador não o permite."
    },
    "tr": {
      "name": "Türkçe",
      "subtitle": "Otomatik asistan",
      "open": "Yardıma ihtiyacınız var mı?",
      "close": "Kapat",
      "settings": "Ayarlar",
      "restart": "Yeniden başla",
      "quickExit": "Hızlı çıkış",
      "quickExitHint": "konuşmayı siler ve bir hava durumu sitesi açar",
      "conversation": "Jalon ile konuşma",
      "you": "Siz",
      "label": "Mesajınız",
      "placeholder": "Örnek: Bondy'de kreş",
      "send": "Gönder",
      "notice": "Adınızı veya kişisel numaralarınızı yazmayın.",
      "privacy": "Verileriniz",
      "accessibility": "Erişilebilirlik",
      "typing": "Jalon yazıyor…",
      "notSent": "Mesajınız henüz gönderilmedi. Bağlantınızı kontrol edip yeniden deneyin.",
      "notOpened": "Jalon yanıt vermiyor. Bağlantınızı kontrol edip yeniden deneyin.",
      "offline": "Çevrimdışısınız. Mesajlarınız bağlantı gelince gönderilecek.",
      "retry": "Yeniden dene",
      "choices": "Seçenekler",
      "call": "Ara:",
      "write": "Yaz:",
      "route": "Yol tarifi",
      "book": "Randevu al",
      "site": "Web sitesi",
      "source": "Kaynak",
      "newTab": "(yeni sekme)",
      "when": "Ne zaman",
      "address": "Adres",
      "phone": "Telefon",
      "hours": "Saatler",
      "price": "Ücret",
      "openNow": "Bu saatlere göre şimdi açık",
      "closedNow": "Bu saatlere göre şimdi kapalı",
      "why": "Neden bu seçenek",
      "distance": "{km} km uzakta",
      "about": "yaklaşık {km} km uzakta",
      "dated": "Bilginin tarihi: {date}.",
      "dateUnknown": "Bilginin tarihi bilinmiyor.",
      "listen": "Dinle",
      "stopListening": "Okumayı durdur",
      "more": "Sakla, paylaş, düzelt",
      "copy": "Kopyala",
      "copied": "Kopyalandı.",
      "print": "Yazdır",
      "sms": "SMS ile gönder",
      "calendar": "Takvimime ekle",
      "wrong": "Hata bildir",
      "wrongAsk": "Yanlış olan ne?",
      "wrongClosed": "Bu yer kapandı",
      "wrongOther": "Başka bir şey",
      "size": "Yazı boyutu",
      "theme": "Renkler",
      "themeAuto": "Cihazdaki gibi",
      "themeLight": "Açık",
      "themeDark": "Koyu",
      "themeContrast": "Yüksek kontrast",
      "spacing": "Daha aralıklı yazı",
      "language": "Dil",
      "speak": "Konuş",
      "voiceWhy": "Siz konuşursunuz, tarayıcınız yazar. Tarayıcı, sesinizi kendi üreticisine gönderebilir. Jalon yalnızca yazıyı alır. Göndermeden önce okuyabilirsiniz.",
      "voiceStart": "Mikrofonu kullan",
      "voiceNow": "Şimdi konuşun…",
      "voiceFailed": "Hiçbir şey duymadım. Yazabilirsiniz.",
      "cancel": "İptal",
      "refused": "Tarayıcınız buna izin vermiyor."
    },
    "uk": {
      "name": "Українська",
      "subtitle": "Автоматичний помічник",
      "open": "Потрібна допомога?",
      "close": "Закрити",
      "settings": "Налаштування",
      "restart": "Почати знову",
      "quickExit": "Швидко вийти",
      "quickExitHint": "стирає розмову і відкриває сайт погоди",
      "conversation": "Розмова з Jalon",
      "you": "Ви",
      "label": "Ваше повідомлення",
      "placeholder": "Приклад: ясла в Bondy",
      "send": "Надіслати",
      "notice": "Не пишіть ні імені, ні особистих номерів.",
      "privacy": "Ваші дані",
      "accessibility": "Доступність",
      "typing": "Jalon пише…",
      "notSent": "Ваше повідомлення ще не надіслано. Перевірте з'єднання і спробуйте знову.",
      "notOpened": "Jalon не відповідає. Перевірте з'єднання і спробуйте знову.",
      "offline": "Немає зв'язку. Повідомлення буде надіслано, коли мережа повернеться.",
      "retry": "Спробувати знову",
      "choices": "Варіанти",
      "call": "Зателефонувати",
      "write": "Написати",
      "route": "Як дістатися",
      "book": "Записатися на прийом",
      "site": "Сайт",
      "source": "Джерело",
      "newTab": "(нова вкладка)",
      "when": "Коли",
      "address": "Адреса",
      "phone": "Телефон",
      "hours": "Години роботи",
      "price": "Ціна",
      "openNow": "За цими годинами зараз відчинено",
      "closedNow": "За цими годинами зараз зачинено",
      "why": "Чому цей варіант",
      "distance": "за {km} км",
      "about": "приблизно за {km} км",
      "dated": "Дата інформації: {date}.",
      "dateUnknown": "Дата інформації невідома.",
      "listen": "Слухати",
      "stopListening": "Зупинити читання",
      "more": "Зберегти, поділитися, виправити",
      "copy": "Копіювати",
      "copied": "Скопійовано.",
      "print": "Друкувати",
      "sms": "Надіслати через SMS",
      "calendar": "Додати до календаря",
      "wrong": "Повідомити про помилку",
      "wrongAsk": "Що неправильно?",
      "wrongClosed": "Це місце закрилося назавжди",
      "wrongOther": "Інше",
      "size": "Розмір тексту",
      "theme": "Кольори",
      "themeAuto": "Як на пристрої",
      "themeLight": "Світлі",
      "themeDark": "Темні",
      "themeContrast": "Висока контрастність",
      "spacing": "Більше простору в тексті",
      "language": "Мова",
      "speak": "Говорити",
      "voiceWhy": "Ви говорите, браузер пише. Він може надіслати ваш голос компанії, яка його створила. Jalon отримує лише текст. Ви зможете прочитати його перед надсиланням.",
      "voiceStart": "Увімкнути мікрофон",
      "voiceNow": "Говоріть зараз…",
      "voiceFailed": "Я нічого не почув. Ви можете написати.",
      "cancel": "Скасувати",
      "refused": "Ваш браузер цього не дозволяє."
    },
    "zh": {
      "name": "中文",
      "subtitle": "自动助手",
      "open": "需要帮助吗？",
      "close": "关闭",
      "settings": "设置",
      "restart": "重新开始",
      "quickExit": "快速离开",
      "quickExitHint": "删除对话并打开天气网站",
      "conversation": "与 Jalon 的对话",
      "you": "您",
      "label": "您的消息",
      "placeholder": "例如：Bondy 的托儿所",
      "send": "发送",
      "notice": "请不要写姓名或个人号码。",
      "privacy": "您的数据",
      "accessibility": "无障碍",
      "typing": "Jalon 正在输入…",
      "notSent": "您的消息还没有发出。请检查网络，然后重试。",
      "notOpened": "Jalon 没有回应。请检查网络，然后重试。",
      "offline": "您已离线。网络恢复后消息会自动发出。",
      "retry": "重试",
      "choices": "选项",
      "call": "拨打",
      "write": "发邮件至",
      "route": "查看路线",
      "book": "预约",
      "site": "网站",
      "source": "来源",
      "newTab": "（新标签页）",
      "when": "时间",
      "address": "地址",
      "phone": "电话",
      "hours": "开放时间",
      "price": "价格",
      "openNow": "按此时间表，现在开放",
      "closedNow": "按此时间表，现在关闭",
      "why": "为什么选这个",
      "distance": "距离 {km} 公里",
      "about": "距离约 {km} 公里",
      "dated": "信息日期：{date}。",
      "dateUnknown": "信息日期不详。",
      "listen": "朗读",
      "stopListening": "停止朗读",
      "more": "保存、分享、更正",
      "copy": "复制",
      "copied": "已复制。",
      "print": "打印",
      "sms": "用短信发送",
      "calendar": "加入日历",
      "wrong": "报告错误",
      "wrongAsk": "哪里不对？",
      "wrongClosed": "这个地方已经停办",
      "wrongOther": "其他",
      "size": "文字大小",
      "theme": "颜色",
      "themeAuto": "与设备相同",
      "themeLight": "浅色",
      "themeDark": "深色",
      "themeContrast": "高对比度",
      "spacing": "加大文字间距",
      "language": "语言",
      "speak": "说话",
      "voiceWhy": "您说话，浏览器写字。它可能把您的声音发送给浏览器公司。Jalon 只收到文字。发送前您可以再看一遍。",
      "voiceStart": "使用麦克风",
      "voiceNow": "请说话…",
      "voiceFailed": "我没有听到。您可以打字。",
      "cancel": "取消",
      "refused": "您的浏览器不允许。"
    }
  };
  const RIGHT_TO_LEFT = ["ar"];

  /* The style */

  const DARK = `color-scheme: dark; --paper: #141d1c; --soft: #1d2827; --ink: #edf3f2; --quiet: #b3c2c0;
    --accent: var(--jalon-accent-dark, #86d5cb); --on-accent: var(--jalon-on-accent-dark, #0a1f1d);
    --said: #21403d; --line: #374644; --edge: #8fa19e; --alert: #ffb8a2; --alert-paper: #35211b; --pole: #e8735a;`;

  const STYLE = `
:host { display: block; height: 44em; max-height: calc(100vh - 2em); max-height: calc(100dvh - 2em); font-size: medium !important; float: none !important; }
/* No rule of the page shrinks, hides or moves it. */
:host([floating]) { all: initial !important; position: fixed !important; z-index: 2147483000 !important; bottom: 1em !important; right: 1em !important; }
:host([position="left"]) { right: auto !important; left: 1em !important; }
:host([hidden]) { display: none !important; }
*, *::before, *::after { box-sizing: border-box; }
/* Nothing of the host page's style comes in; the text has the size chosen in the browser. */
.frame { all: initial; display: contents; font: medium/1.5 var(--jalon-font, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif); }
.frame {
  color-scheme: light; --paper: #fff; --soft: #f3f6f5; --ink: #1b2a29; --quiet: #4b5b59;
  --accent: var(--jalon-accent, #0e5a55); --on-accent: var(--jalon-on-accent, #fff);
  --said: #dcecea; --line: #cad5d3; --edge: #667775; --alert: #8c2f14; --alert-paper: #fdf1ec;
  --pole: #c8452b; --round: var(--jalon-radius, 1em);
}
@media (prefers-color-scheme: dark) { .frame { ${DARK} } }
.frame[data-theme="light"] {
  color-scheme: light; --paper: #fff; --soft: #f3f6f5; --ink: #1b2a29; --quiet: #4b5b59;
  --accent: var(--jalon-accent, #0e5a55); --on-accent: var(--jalon-on-accent, #fff);
  --said: #dcecea; --line: #cad5d3; --edge: #667775; --alert: #8c2f14; --alert-paper: #fdf1ec; --pole: #c8452b;
}
.frame[data-theme="dark"] { ${DARK} }
.frame[data-theme="contrast"] {
  color-scheme: dark; --paper: #000; --soft: #000; --ink: #fff; --quiet: #fff; --accent: #ff0; --on-accent: #000;
  --said: #000; --line: #fff; --edge: #fff; --alert: #ff0; --alert-paper: #000; --pole: #ff0;
}
.frame[data-theme="contrast"] .bubble { border-color: #fff; }
.widget {
  position: relative; display: flex; flex-direction: column; height: 100%; overflow: hidden; padding: 0; margin: 0;
  color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: var(--round);
  text-align: start; overflow-wrap: anywhere;
}
[data-size="125"] .widget { font-size: 125%; }
[data-size="150"] .widget { font-size: 150%; }
[data-size="200"] .widget { font-size: 200%; }
/* Large text: one scroll for all, so that what is written keeps room. */
[data-size="150"] .widget, [data-size="200"] .widget { overflow-y: auto; }
[data-size="150"] .log, [data-size="200"] .log { overflow: visible; flex: none; }
[data-spacing="true"] .widget { letter-spacing: .08em; word-spacing: .2em; line-height: 1.9; }
[data-spacing="true"] .widget * { line-height: inherit; }
dialog.widget {
  position: fixed; inset: auto 16px 16px auto; width: min(27em, 100vw - 32px); max-width: none;
  height: min(44em, 100vh - 32px); height: min(44em, 100dvh - 32px); max-height: none;
  box-shadow: 0 8px 32px #0005;
}
:host([position="left"]) dialog.widget { inset: auto auto 16px 16px; }
dialog:not([open]) { display: none; }
.launcher {
  display: inline-block; text-decoration: none;
  font-weight: 600; background: var(--accent); color: var(--on-accent); border: 2px solid var(--on-accent);
  border-radius: 2em; padding: .7em 1.3em; box-shadow: 0 3px 13px #0006;
}
.launcher:hover { background: var(--accent); text-decoration: underline; }
h2, h3, p, ol, ul, dl, dd, fieldset { margin: 0; padding: 0; border: 0; min-width: 0; }
ol, ul { list-style: none; }
button, textarea, select, input { font: inherit; letter-spacing: inherit; word-spacing: inherit; color: inherit; }
button, a, summary { touch-action: manipulation; }
:focus { outline: none; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.launcher:focus-visible { outline-color: var(--ink); box-shadow: 0 0 0 6px var(--paper); }
[hidden] { display: none !important; }
.hidden {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap;
}
header {
  display: flex; flex-wrap: wrap; align-items: center; gap: .5em .75em;
  padding: .6em 1em; border-bottom: 1px solid var(--line);
}
.pole {
  flex: none; width: .5em; height: 2.4em; border-radius: .25em;
  background: linear-gradient(var(--pole) 33%, #fff 33% 66%, var(--pole) 66%);
  border: 1px solid var(--edge);
}
.names { flex: 1 1 auto; }
h2 { font-size: 1.15em; line-height: 1.2; }
.names p, .notice { font-size: .875em; color: var(--quiet); }
.tools { display: flex; flex-wrap: wrap; gap: .4em; }
.tools button { padding-inline: .6em; font-size: .9375em; }
dialog .tools { flex-basis: 100%; }
button, select {
  min-height: 44px; min-width: 44px; padding: .45em .9em; border: 1px solid var(--edge); border-radius: .6em;
  background: var(--paper); cursor: pointer; line-height: 1.3;
}
button:hover { background: var(--soft); }
button:disabled { border-style: dashed; cursor: default; }
form button { flex: none; }
.primary { background: var(--accent); color: var(--on-accent); border-color: var(--accent); }
.primary:hover { background: var(--accent); text-decoration: underline; }
.panel { padding: .75em 1em; border-bottom: 1px solid var(--line); background: var(--soft); overflow-y: auto; max-height: 60%; flex: 0 0 auto; }
.panel .actions { margin-top: .75em; }
.settings { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(11em, 100%), 1fr)); gap: .6em 1em; }
.settings select { width: 100%; }
.check { display: flex; align-items: center; gap: .6em; min-height: 44px; }
.check input { width: 24px; height: 24px; flex: none; accent-color: var(--accent); }
.log {
  position: relative; flex: 1 1 auto; min-height: 8em; overflow-y: auto; padding: 1em;
  overscroll-behavior: contain;
}
.log:focus-visible { outline-offset: -4px; }
.turn { display: flex; flex-direction: column; gap: .6em; margin-bottom: 1.1em; }
.who { font-size: .875em; color: var(--quiet); margin-bottom: -.35em; }
.from-you .who { align-self: flex-end; }
.bubble { max-width: 34em; padding: .7em 1em; border: 1px solid transparent; border-radius: 1em; }
.bubble p + p { margin-top: .4em; }
.from-jalon .bubble { align-self: flex-start; background: var(--soft); border-end-start-radius: .25em; }
.from-you .bubble { align-self: flex-end; background: var(--said); border-end-end-radius: .25em; }
p a { display: inline-block; min-width: 24px; min-height: 24px; color: var(--accent); font-weight: 600; }
.choices { display: flex; flex-wrap: wrap; gap: .5em; }
.choices button { border-color: var(--accent); color: var(--accent); font-weight: 600; text-align: start; }
.listen { align-self: flex-start; border: 0; background: none; color: var(--accent); font-size: .875em; padding: 0 .3em; margin-block: -.5em; text-decoration: underline; }
.failed {
  align-self: flex-end; max-width: 34em; padding: .7em 1em; border: 1px solid var(--alert);
  border-radius: .6em; background: var(--alert-paper); color: var(--alert);
}
.failed button { margin-top: .5em; color: var(--ink); }
.paused { padding: .9em 1em; border-top: 1px solid var(--line); background: var(--alert-paper); color: var(--alert); font-weight: 600; }
.cards { display: grid; gap: .75em; }
.card { padding: .9em 1em; border: 1px solid var(--line); border-radius: .8em; }
.card > * + * { margin-top: .55em; }
h3 { font-size: 1.05em; line-height: 1.3; }
.place, .reasons { color: var(--quiet); font-size: .9375em; }
dl { display: grid; gap: .3em; }
dt { display: inline; font-weight: 600; }
dt::after { content: " : "; }
dd { display: inline; }
.now { font-weight: 600; }
.actions { display: flex; flex-wrap: wrap; gap: .5em; }
.actions a {
  display: inline-flex; align-items: center; min-height: 44px; padding: .4em .9em;
  border: 1px solid var(--accent); border-radius: .6em; color: var(--accent); font-weight: 600;
  text-decoration: none; line-height: 1.3;
}
.actions a:hover { text-decoration: underline; }
.actions a.primary { color: var(--on-accent); }
details .actions { margin-top: .5em; }
summary { min-height: 44px; padding: .6em 0; cursor: pointer; color: var(--accent); font-weight: 600; }
fieldset { margin-top: .75em; }
legend { font-weight: 600; padding: 0; margin-bottom: .4em; }
.advice { padding-inline-start: .75em; border-inline-start: 3px solid var(--pole); }
.meta { font-size: .9375em; color: var(--quiet); }
.status { padding: 0 1em; font-size: .9375em; color: var(--quiet); }
.write { padding: .5em 1em .75em; border-top: 1px solid var(--line); }
label, .label { display: block; font-weight: 600; margin-bottom: .25em; }
.above { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: .5em; margin-bottom: .25em; }
.above button { border: 0; background: none; color: var(--accent); text-decoration: underline; padding: 0 .3em; margin-block: -.4em; }
.above label { margin: 0; }
.field { display: flex; flex-wrap: wrap; justify-content: flex-end; align-items: flex-end; gap: .5em; }
textarea {
  flex: 1 1 8em; min-width: 0; min-height: 44px; max-height: 8em; padding: .55em .8em; resize: none;
  border: 1px solid var(--edge); border-radius: .6em; background: var(--paper); line-height: 1.4;
}
textarea:placeholder-shown { direction: inherit; unicode-bidi: normal; }
textarea::placeholder { color: var(--quiet); opacity: 1; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.notice { margin-top: .35em; }
.copy { position: fixed; opacity: 0; }
@media (max-width: 26em) {
  .panel:not([hidden]) { flex: 1 1 auto; max-height: none; }
  .panel:not([hidden]) ~ .log, .panel:not([hidden]) ~ .write { display: none; }
  .log, header, .write { padding-inline: .75em; }
  header { padding-block: .4em; }
  .pole, .names p { display: none; }
  header { gap: .4em; }
  .tools { gap: .3em; }
  .tools button { padding-inline: .4em; font-size: .875em; }
}
@media (max-width: 40em), (max-height: 30em) {
  dialog.widget, :host([position="left"]) dialog.widget {
    inset: 0; width: 100%; height: 100%; height: var(--visible, 100dvh); border: 0; border-radius: 0;
  }
}
/* Zoomed in, or a phone held sideways: one scroll, the page's, and nothing is cramped. */
@media (max-height: 30em) {
  :host { height: auto; max-height: none; }
  .widget { height: auto; }
  .log { overflow: visible; flex: none; }
  .panel { max-height: none; }
  dialog.widget { overflow-y: auto; }
}
@media (prefers-reduced-motion: no-preference) {
  .log { scroll-behavior: smooth; }
}
@media (forced-colors: active) {
  .bubble, .card { border-color: CanvasText; }
}
@media print { :host([floating]) { display: none !important; } }
`;

  /** The style shared by every widget of the page: a strict policy forbids <style> elements. */
  let sheet;

  function dress(root) {
    if (!("adoptedStyleSheets" in root)) return root.append(element("style", {}, STYLE));
    if (!sheet) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
    }
    root.adoptedStyleSheets = [sheet];
  }

  /** How bright a colour such as #0e5a55 is, from 0 to 1 (WCAG 2.2, relative luminance). */
  function luminance(colour) {
    const parts = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(colour);
    if (!parts) return null;
    const [red, green, blue] = parts.slice(1).map((part) => {
      const value = parseInt(part, 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  /** The webmaster's colour, where it can be read: 4.5 to 1 at least, on light or on dark. */
  function paint(node, colour) {
    const light = luminance(colour);
    if (light === null) return console.warn(`jalon-chat: « ${colour} » n'est pas une couleur #rrggbb.`);
    if (1.05 / (light + 0.05) >= 4.5) node.style.setProperty("--jalon-accent", colour);
    else if ((light + 0.05) / (luminance("#1d2827") + 0.05) >= 4.5) {
      node.style.setProperty("--jalon-accent-dark", colour);
      console.warn(`jalon-chat: ${colour} est trop clair pour du texte sur fond blanc ; couleur d'origine gardée.`);
    }
  }

  /* Building the page */

  /** An element with its properties, attributes (`aria-…`, `role`) and children; text stays text. */
  function element(tag, properties = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (name in node) node[name] = value;
      else node.setAttribute(name, value);
    }
    node.append(...children.filter((child) => child !== "" && child !== false && (child ?? null) !== null));
    return node;
  }

  function button(label, onclick, properties = {}, ...more) {
    return element("button", { type: "button", onclick, ...properties }, label, ...more);
  }

  function hiddenText(text) {
    return element("span", { className: "hidden" }, text);
  }

  /** What a button is about, for those who hear it without the card. */
  function about(name) {
    return name ? hiddenText(` : ${name}`) : null;
  }

  /** A link, or nothing when the address is not one that a person may safely follow. */
  function link(t, href, label, name, properties = {}) {
    let url;
    try {
      url = new URL(href);
    } catch {
      return null;
    }
    if (!["http:", "https:", "tel:", "mailto:", "sms:"].includes(url.protocol)) return null;
    const leaves = url.protocol.startsWith("http") && !properties.download;
    return element(
      "a",
      {
        href: url.href,
        ...(leaves ? { target: "_blank", rel: "noopener noreferrer" } : {}),
        ...properties,
      },
      label,
      about(name),
      leaves ? hiddenText(` ${t.newTab}`) : null,
    );
  }

  /* Phone numbers in sentences: ten digits, an emergency number, « le 15 » but not « le 15 mars ». */
  const PHONES = new RegExp(
    "(?:^|[^\\p{L}\\d])(?:(0[1-9](?:[ .\\u00a0\\u202f]?\\d{2}){4})|(112|114|115|119|3114|3919)|le (15|17|18))" +
      "(?![\\d:,]\\d| ?(?:h(?!\\p{L})|heure|janv|févr|mars|avr|mai|juin|juil|août|sept|oct|nov|déc)" +
      "|,? (?:rue|avenue|boulevard|place|allée|chemin|route|quai|impasse|cours|square))(?!\\d)",
    "giu",
  );

  /** French signs stay on the line of the word they go with. */
  function typeset(text) {
    return String(text).replace(/ (?=[»:;?!])/g, "\u00a0").replace(/« /g, "«\u00a0");
  }

  /** A line of Jalon's, in which phone numbers can be called. */
  function lineWithPhones(text) {
    const line = typeset(text);
    const paragraph = element("p", { dir: "auto" });
    let done = 0;
    for (const match of line.matchAll(PHONES)) {
      const number = match[1] ?? match[2] ?? match[3];
      const start = match.index + match[0].length - number.length;
      const scheme = number === "114" ? "sms" : "tel";
      paragraph.append(line.slice(done, start), link({}, `${scheme}:${dialled(number)}`, number));
      done = start + number.length;
    }
    paragraph.append(line.slice(done));
    return paragraph;
  }

  /** « 01 48 13 13 20 » or « +33148131320 » as digits to dial; "" when it is no phone number. */
  function dialled(phone) {
    const digits = String(phone).replace(/[^\d+]/g, "");
    if (!/^\+?\d{2,15}$/.test(digits)) return "";
    return digits.replace(/^0(?=\d{9}$)/, "+33");
  }

  function readable(phone) {
    const digits = dialled(phone).replace(/^\+33(?=\d{9}$)/, "0");
    return /^0\d{9}$/.test(digits) ? digits.match(/\d\d/g).join("\u00a0") : digits;
  }

  /** « du 1er septembre 2026 », or the date alone in another language. */
  function dateInWords(t, record) {
    if (t === WORDS.fr && record.date_texte) {
      return record.age_texte ? `${record.date_texte} (${record.age_texte})` : record.date_texte;
    }
    const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)/.exec(record.date_maj) || [];
    if (!year) return record.date_texte;
    const date = new Date(Date.UTC(year, month - 1, day));
    // A date known by its month or year only says so in French: « d'août 2024 », « de 2024 ».
    const known = { year: "numeric" };
    if (!/^de \d+$/.test(record.date_texte)) known.month = "long";
    if (/^du |^$/.test(record.date_texte ?? "")) known.day = "numeric";
    const words = new Intl.DateTimeFormat(t.code, { ...known, timeZone: "UTC" }).format(date);
    return t === WORDS.fr ? `du ${words.replace(/^1 /, "1er ")}` : words;
  }

  function shorten(text, limit) {
    const flat = String(text).replace(/\s+/g, " ").trim();
    const short = flat.length <= limit ? flat : `${flat.slice(0, limit).replace(/\s\S*$/, "")}…`;
    return short.replace(/\p{Cs}/gu, ""); // half an emoji is no text: no address can hold it
  }

  function firstSentence(text) {
    return shorten(/^.*?[.!?](?=\s|$)/s.exec(String(text).trim())?.[0] ?? text, 180);
  }

  function listOf(value) {
    return Array.isArray(value) ? value : [];
  }

  function nameOf(record) {
    return shorten(record.nom ?? "", 150);
  }

  function placeOf(t, record) {
    const far = record.distance_km >= 1 && (record.distance_approchee ? t.about : t.distance);
    const distance = far && far.replace("{km}", Math.round(record.distance_km));
    return [record.kind === "offre" && record.service, record.commune, distance].filter(Boolean).join(", ");
  }

  /** The first advice, where it is « Annulé : n'y allez pas. » */
  function stateOf(record) {
    return record.statut && listOf(record.avertissements)[0];
  }

  function purposeOf(record) {
    return record.pourquoi ?? firstSentence(record.description ?? "");
  }

  function factsOf(t, record) {
    return [
      [t.when, record.quand_relatif ? `${record.quand_relatif} (${record.quand})` : record.quand],
      [t.address, record.adresse],
      [t.hours, record.horaires_texte || record.horaires],
      [t.price, record.frais],
    ].filter(([, value]) => value);
  }

  function adviceOf(record) {
    const known = [WORDS.fr.dateUnknown, stateOf(record)];
    const lines = listOf(record.avertissements).filter((line) => !known.includes(line));
    return record.peut_y_aller && record.conseil ? [...lines, record.conseil] : lines;
  }

  function datedLine(t, record) {
    const date = dateInWords(t, record);
    return date ? t.dated.replace("{date}", date) : t.dateUnknown;
  }

  /** A record as lines, to be copied, printed, sent or heard. */
  function recordText(t, record) {
    const phone = readable(record.telephone ?? "");
    return [
      nameOf(record),
      placeOf(t, record),
      stateOf(record),
      purposeOf(record),
      ...factsOf(t, record).map(([term, value]) => `${term} : ${value}`),
      record.acces,
      phone && `${t.phone} : ${phone}`,
      ...adviceOf(record),
      datedLine(t, record),
    ]
      .filter(Boolean)
      .join("\n");
  }

  /** One record of `custom.results` as a card, numbered in a list; a missing field takes no room. */
  function card(t, record, number, acts) {
    const name = nameOf(record);
    return element(
      "li",
      {},
      element(
        "article",
        { className: "card" },
        element("h3", { dir: "auto", lang: "fr" }, number ? `${number}. ${name}` : name),
        textOrNothing(placeOf(t, record), "place"),
        textOrNothing(stateOf(record), "now"),
        textOrNothing(purposeOf(record)),
        facts(t, record),
        textOrNothing(shorten(record.acces ?? "", 180)),
        opening(t, record),
        textOrNothing(record.valable_texte),
        contactLinks(t, record, name),
        advice(record),
        reasons(t, record),
        provenance(t, record, name),
        keep(t, record, name, acts),
      ),
    );
  }

  function textOrNothing(text, className = "") {
    return text ? element("p", { className, dir: "auto", lang: "fr" }, text) : null;
  }

  function facts(t, record) {
    const rows = factsOf(t, record).map(([term, value]) =>
      element("div", {}, element("dt", {}, term), element("dd", { dir: "auto", lang: "fr" }, value)),
    );
    return rows.length ? element("dl", {}, ...rows) : null;
  }

  /** Open or closed now: said whole in French, in short elsewhere. */
  function opening(t, record) {
    const { etat, texte } = record.ouverture ?? {};
    const short = { ouvert: t.openNow, ferme: t.closedNow }[etat];
    if (t === WORDS.fr || !short) return textOrNothing(texte, "now");
    return element("p", { className: "now" }, short);
  }

  function contactLinks(t, record, name) {
    const links = [];
    const number = dialled(record.telephone ?? "");
    if (number) {
      links.push(link(t, `tel:${number}`, `${t.call} ${readable(number)}`, name, { className: "primary" }));
    }
    if (/^[^\s@<>?&]+@[^\s@<>?&]+$/.test(record.courriel ?? "")) {
      links.push(link(t, `mailto:${record.courriel}`, `${t.write} ${record.courriel}`));
    }
    if (record.rendez_vous) links.push(link(t, record.rendez_vous, t.book, name));
    if (record.site) links.push(link(t, record.site, t.site, name));
    if (record.trajet) links.push(link(t, record.trajet, t.route, name));
    if (record.agenda) links.push(link(t, new URL(record.agenda, SERVER), t.calendar, name, { download: "jalon.ics" }));
    return row(links);
  }

  function row(nodes) {
    const kept = nodes.filter(Boolean);
    return kept.length ? element("div", { className: "actions" }, ...kept) : null;
  }

  function advice(record) {
    const lines = adviceOf(record);
    return lines.length ? element("div", { className: "advice", lang: "fr" }, ...lines.map(lineWithPhones)) : null;
  }

  function reasons(t, record) {
    const why = listOf(record.raisons).join(", ");
    if (!why) return null;
    return element("p", { className: "reasons" }, `${t.why} : `, element("span", { lang: "fr", dir: "auto" }, `${why}.`));
  }

  function provenance(t, record, name) {
    const paragraph = element("p", { className: "meta" }, datedLine(t, record));
    const source = record.source && link(t, record.source, t.source, name);
    if (source) paragraph.append(" ", source);
    return paragraph;
  }

  /** What one may do with a card besides going there; folded, so that the card stays short. */
  function keep(t, record, name, acts) {
    const text = recordText(t, record);
    return element(
      "details",
      {},
      element("summary", {}, t.more, about(name)),
      row([
        acts.listen && button(t.listen, () => acts.listen(recordText(WORDS.fr, record)), {}, about(name)),
        button(t.copy, () => acts.copy(text), {}, about(name)),
        button(t.print, () => acts.print(name, text), {}, about(name)),
        link(t, `sms:?&body=${encodeURIComponent(shorten(text, 600))}`, t.sms, name),
      ]),
      record.signaler ? wrong(t, record, name, acts) : null,
    );
  }

  function wrong(t, record, name, acts) {
    const reasons = {
      telephone: t.phone,
      adresse: t.address,
      horaires: t.hours,
      ferme: t.wrongClosed,
      autre: t.wrongOther,
    };
    const choices = element(
      "fieldset",
      { hidden: true },
      element("legend", {}, t.wrongAsk, about(name)),
      row(Object.entries(reasons).map(([reason, label]) => button(label, () => report(reason, label)))),
    );
    const ask = button(t.wrong, show, { "aria-expanded": "false" }, about(name));
    function show() {
      choices.hidden = !choices.hidden;
      ask.setAttribute("aria-expanded", String(!choices.hidden));
    }
    function report(reason, label) {
      show();
      acts.report({ record: record.signaler, reason }, `${t.wrong} : ${name}, ${label}`);
    }
    return element("div", { className: "actions" }, ask, choices);
  }

  /** One message of Jalon's: a bubble, or a lead, cards and a closing line. */
  function answerParts(t, message, acts) {
    const { text = "", custom = {} } = message;
    const results = listOf(custom.results);
    const lang = custom.langue ?? "fr";
    const policy = custom.politique && link(t, custom.politique, t.privacy);
    if (!results.length) return [bubble(text, lang, policy && element("p", {}, policy))];
    const cards = results.map((record, index) => card(t, record, results.length > 1 && index + 1, acts));
    return [
      bubble(custom.intro ?? text, lang),
      element("ol", { className: "cards" }, ...cards),
      bubble(custom.suite ?? "", lang),
    ];
  }

  /** The same message, to be heard: in French, as the facts are. */
  function spokenText({ text = "", custom = {} }) {
    const results = listOf(custom.results);
    if (!results.length) return text;
    return [custom.intro ?? text, ...results.map((record) => recordText(WORDS.fr, record)), custom.suite].join("\n");
  }

  function bubble(text, lang, more) {
    const lines = String(text).split("\n").filter((line) => line.trim());
    return lines.length ? element("div", { className: "bubble", lang }, ...lines.map(lineWithPhones), more) : "";
  }

  /* What the tab remembers: gone when it closes */

  class Memory {
    #store;

    constructor(store) {
      this.#store = store;
      try {
        Object.assign(this, JSON.parse(sessionStorage.getItem(store)));
      } catch {
        // A browser that refuses storage still talks; it only forgets at reload.
      }
      this.token ??= null;
      this.entries ??= []; // {from: "you" | "jalon", at, …} in the order of the log
      this.queue ??= []; // {id, said, text | payload | record, reason}: said, not answered yet
      this.settings ??= {}; // {lang, size, theme, spacing}
      this.open ??= false;
    }

    save() {
      this.entries.splice(0, this.entries.length - MAX_ENTRIES);
      try {
        sessionStorage.setItem(this.#store, JSON.stringify(this));
      } catch {
        // See above.
      }
    }

    /** Forget what was said; how the person reads stays. */
    clear() {
      Object.assign(this, { token: null, entries: [], queue: [] });
      this.save();
    }

    /** Leave nothing, of the other widgets of the page either. */
    erase() {
      this.clear();
      try {
        const ours = Object.keys(sessionStorage).filter((key) => /^jalon(-\d+)?$/.test(key));
        ours.forEach((key) => sessionStorage.removeItem(key));
      } catch {
        // See above.
      }
    }
  }

  /* The server */

  class Refusal extends Error {
    constructor(status, { code, message } = {}) {
      super(message);
      this.status = status;
      this.code = code;
    }
  }

  /** Ask the server; `body` is sent by POST, as text: JSON would need a CORS preflight each time. */
  async function ask(path, body, signal, options = {}) {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), ANSWER_TIMEOUT);
    signal?.addEventListener("abort", () => abort.abort());
    try {
      const response = await fetch(new URL(path, SERVER), {
        ...(body ? { method: "POST", body: JSON.stringify(body) } : {}),
        credentials: "omit",
        referrerPolicy: "no-referrer",
        signal: abort.signal,
        ...options,
      });
      const answer = await response.json();
      if (!response.ok) throw new Refusal(response.status, answer.error);
      return answer;
    } finally {
      clearTimeout(timer);
    }
  }

  /** By this the server knows a message that is sent again. */
  function newId() {
    return crypto.getRandomValues(new Uint32Array(4)).join("-");
  }

  /* Hearing and speaking */

  const canRead = "speechSynthesis" in window;
  const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition;

  function hush() {
    if (canRead) speechSynthesis.cancel();
  }

  /** Read aloud with a voice of the device where there is one, else with the browser's choice.
   *  Line by line: some voices stop by themselves after fifteen seconds. */
  function readAloud(text, lang, done) {
    hush();
    const voices = speechSynthesis.getVoices().filter((voice) => voice.lang.startsWith(lang));
    let speech;
    for (const line of text.split("\n")) {
      speech = new SpeechSynthesisUtterance(line);
      speech.voice = voices.find((voice) => voice.localService) ?? voices[0] ?? null;
      speech.lang = lang;
      speechSynthesis.speak(speech);
    }
    speech.onend = speech.onerror = done;
  }

  /* The element */

  const DEFAULTS = SCRIPT.dataset; // what the page's <script> says, for every widget
  const taken = new Set(); // memories in use: two widgets are two conversations

  class JalonChat extends HTMLElement {
    #memory;
    #number;
    #page; // aborted when the widget leaves the page
    #life = new AbortController(); // of one conversation: a new one ignores late answers
    #sending = false;
    #opening = null; // the token being asked for, however many wait for it
    #typing = 0;
    #retry = 0;
    #retries = 0;
    #polling = 0;
    #asked = ""; // what the plain page had in its field

    connectedCallback() {
      if (!this.#memory) this.#build();
      taken.add(this.#number);
      this.#listenToPage();
    }

    disconnectedCallback() {
      clearInterval(this.#polling);
      clearTimeout(this.#retry);
      this.#page.abort();
      taken.delete(this.#number);
    }

    #listenToPage() {
      this.#page = new AbortController();
      const { signal } = this.#page;
      window.addEventListener("online", () => this.#online(), { signal });
      window.addEventListener("offline", () => this.#online(), { signal });
      window.addEventListener("pageshow", (event) => event.persisted && this.#comeBack(), { signal });
      document.addEventListener("visibilitychange", () => this.#poll(), { signal });
      window.visualViewport?.addEventListener("resize", () => this.#fitScreen(), { signal });
      this.#polling = setInterval(() => this.#poll(), STATE_PERIOD);
    }

    #build() {
      let number = 1;
      while (taken.has(number)) number += 1;
      this.#number = number;
      this.#asked = this.querySelector("textarea")?.value ?? "";
      this.replaceChildren(); // what stood for the widget before its script
      dress(this.attachShadow({ mode: "open" }));
      this.name = this.#option("title") || "Jalon";
      this.removeAttribute("title"); // a browser would show it over everything
      const colour = this.#option("color");
      if (colour) paint(this, colour);
      this.#wake();
    }

    #wake() {
      this.#memory = new Memory(this.#number > 1 ? `${STORE}-${this.#number}` : STORE);
      this.#draw();
      if (!this.#floating || this.#opensAlone()) this.#open(false);
    }

    /** A page that the browser kept whole comes back: the tab may have forgotten since. */
    #comeBack() {
      this.#forget();
      this.#wake();
    }

    /** On a phone, a widget that opens by itself would hide the page. */
    #opensAlone() {
      return (this.#memory.open || this.#option("open") === "true") && !matchMedia(SMALL_SCREEN).matches;
    }

    /** An option of the element, else of the page's script. */
    #option(name) {
      return this.getAttribute(name) ?? DEFAULTS[name] ?? "";
    }

    get #floating() {
      return this.hasAttribute("floating");
    }

    /** Everything that can be seen, from what is remembered; again when the language changes. */
    #draw() {
      const wanted = (this.#memory.settings.lang ?? this.#option("lang")).slice(0, 2);
      const code = wanted in WORDS ? wanted : "fr";
      this.t = WORDS[code];
      this.t.code = code;
      this.log = element("div", {
        className: "log",
        role: "log",
        "aria-live": "polite",
        "aria-label": this.t.conversation,
        tabIndex: 0,
      });
      // Filled before it is in the page: a reload must not be read out again from the start.
      this.#fillLog();
      this.status = element("p", { className: "status", role: "status" });
      this.panel = element("div", { className: "panel", hidden: true });
      this.told = ""; // of a pause
      this.paused = element("div", { className: "paused", role: "alert", hidden: true });
      this.widget = element(
        this.#floating ? "dialog" : "section",
        {
          className: "widget",
          "aria-label": this.#number > 1 ? `${this.name} ${this.#number}` : this.name,
          onclose: () => this.#closed(),
          onkeydown: (event) => {
            if (event.key === "Escape") this.#escape(event);
          },
        },
        this.#header(),
        this.panel,
        this.log,
        this.status,
        this.#form(),
        this.paused,
      );
      const dir = RIGHT_TO_LEFT.includes(code) ? "rtl" : "ltr";
      this.frame = element("div", { className: "frame", lang: code, dir }, this.widget);
      if (this.#floating) {
        this.launcher = this.#launcher();
        this.frame.append(this.launcher);
      }
      this.#applySettings();
      this.shadowRoot.replaceChildren(...this.shadowRoot.querySelectorAll("style"), this.frame);
      this.#showEnd();
    }

    #launcher() {
      const label = this.#option("label") || this.t.open;
      if (this.#option("open") === "page") {
        return link(this.t, new URL("chat", SERVER), label, "", { className: "launcher" });
      }
      return button(label, () => this.#open(true), { className: "launcher", "aria-haspopup": "dialog" });
    }

    #header() {
      const { t } = this;
      this.settingsButton = button("Aa", () => this.#toggleSettings(), { "aria-expanded": "false" }, about(t.settings));
      return element(
        "header",
        {},
        element("span", { className: "pole", "aria-hidden": "true" }),
        element(
          "div",
          { className: "names" },
          (this.heading = element("h2", { tabIndex: -1 }, this.name)),
          element("p", {}, t.subtitle),
        ),
        this.#floating && button("✕", () => this.widget.close(), { "aria-label": t.close }),
        element(
          "div",
          { className: "tools" },
          this.#ownLanguage(),
          this.settingsButton,
          button(t.restart, () => this.#restart()),
          button(t.quickExit, () => this.#leave(), { title: t.quickExitHint }),
        ),
      );
    }

    /** Someone whose device speaks another language finds theirs without reading French. */
    #ownLanguage() {
      const code = navigator.languages.map((language) => language.slice(0, 2)).find((known) => known in WORDS);
      if (!code || code === this.t.code) return null;
      return button(WORDS[code].name, () => this.#set("lang", code), { lang: code });
    }

    #form() {
      const { t } = this;
      this.field = element("textarea", {
        id: "message",
        rows: 1,
        placeholder: t.placeholder,
        autocomplete: "off",
        enterKeyHint: "send",
        dir: "auto",
        value: this.#asked,
        "aria-describedby": "notice",
        oninput: () => this.#fitField(),
        onkeydown: (event) => {
          if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          this.#submit();
        },
      });
      const onsubmit = (event) => {
        event.preventDefault();
        this.#submit();
      };
      this.privacy = element("span");
      this.#showPolicy();
      return (this.form = element(
        "form",
        { onsubmit, className: "write" },
        element(
          "div",
          { className: "above" },
          element("label", { htmlFor: "message" }, t.label),
          Recognition && button(t.speak, () => this.#explainVoice()),
        ),
        element(
          "div",
          { className: "field" },
          this.field,
          element("button", { type: "submit", className: "primary" }, t.send),
        ),
        element("p", { className: "notice", id: "notice" }, t.notice, this.privacy),
      ));
    }

    #showPolicy() {
      const policy = this.#memory.policy && link(this.t, this.#memory.policy, this.t.privacy);
      this.privacy.replaceChildren(...(policy ? [" ", policy] : []));
    }

    #fitField() {
      this.field.style.height = "auto";
      this.field.style.height = `${this.field.scrollHeight + 2}px`;
    }

    /** The keyboard of a phone covers the page: the dialog keeps to what is left, and to the field. */
    #fitScreen() {
      const { height, scale } = window.visualViewport; // pinched to read, the dialog keeps its size
      this.frame.style.setProperty("--visible", `${height * scale}px`);
      if (this.shadowRoot.activeElement === this.field) this.form.scrollIntoView({ block: "nearest" });
    }

    /* Opening and closing, when the widget floats over a page */

    #open(byPerson) {
      if (this.#floating) {
        this.launcher.hidden = true;
        this.modal = byPerson && matchMedia(SMALL_SCREEN).matches;
        if (this.modal) this.widget.showModal();
        else if (byPerson) this.widget.show();
        else this.widget.setAttribute("open", ""); // a page that opens it takes no focus
        this.#memory.open = true;
        this.#memory.save();
      }
      // A keyboard that jumps up on a phone would hide the welcome.
      if (byPerson) (matchMedia("(pointer: fine)").matches ? this.field : this.heading).focus();
      this.#showEnd();
      this.#start();
      this.#poll();
    }

    #closed() {
      hush();
      this.launcher.hidden = false;
      this.launcher.focus();
      this.#memory.open = false;
      this.#memory.save();
    }

    #escape(event) {
      if (!this.panel.hidden) {
        event.preventDefault();
        this.#closePanel();
      } else if (this.#floating) {
        event.preventDefault();
        this.widget.close();
      }
    }

    /* Settings and voice: one panel above the conversation */

    #showPanel(opener, ...content) {
      this.panelOpener = opener;
      this.panel.replaceChildren(...content);
      this.panel.hidden = false;
      this.settingsButton.setAttribute("aria-expanded", String(opener === this.settingsButton));
    }

    #closePanel() {
      this.panel.hidden = true;
      this.settingsButton.setAttribute("aria-expanded", "false");
      this.panelOpener?.focus();
    }

    #toggleSettings() {
      if (!this.panel.hidden) return this.#closePanel();
      const { t } = this;
      const themes = [["", t.themeAuto], ["light", t.themeLight], ["dark", t.themeDark], ["contrast", t.themeContrast]];
      const sizes = ["", 125, 150, 200].map((size) => [size, `${size || 100} %`]);
      const names = Object.entries(WORDS).map(([code, words]) => [code, words.name]);
      const spacing = element("input", {
        type: "checkbox",
        checked: this.#memory.settings.spacing === "true",
        onchange: () => this.#set("spacing", spacing.checked ? "true" : ""),
      });
      this.#showPanel(
        this.settingsButton,
        element(
          "div",
          { className: "settings" },
          this.#select(t.language, "lang", names, t.code),
          this.#select(t.size, "size", sizes),
          this.#select(t.theme, "theme", themes),
          element("label", { className: "check" }, spacing, t.spacing),
        ),
        element(
          "p",
          { className: "actions" },
          button(t.close, () => this.#closePanel()),
          link(t, new URL("accessibilite", SERVER), t.accessibility),
        ),
      );
      this.panel.querySelector("select").focus();
    }

    #select(label, name, options, value = this.#memory.settings[name] ?? "") {
      const choices = options.map(([code, text]) =>
        element("option", { value: code, ...(name === "lang" ? { lang: code } : {}) }, text),
      );
      const select = element("select", { id: name, onchange: () => this.#set(name, select.value) }, ...choices);
      select.value = value;
      return element("div", {}, element("label", { htmlFor: name }, label), select);
    }

    #set(name, value) {
      this.#memory.settings[name] = value;
      this.#memory.save();
      if (name !== "lang") return this.#applySettings();
      this.#asked = this.field.value;
      const inSettings = !this.panel.hidden;
      const untouched = !this.#memory.entries.some((entry) => entry.from === "you");
      if (untouched && !this.#memory.queue.length) this.#memory.clear();
      this.#draw();
      if (this.#floating) {
        this.launcher.hidden = true;
        this.modal ? this.widget.showModal() : this.widget.setAttribute("open", "");
      }
      if (inSettings) this.#toggleSettings();
      else this.heading.focus();
      this.#start();
    }

    #applySettings() {
      const { size, theme, spacing } = this.#memory.settings;
      Object.assign(this.frame.dataset, { size: size ?? "", theme: theme ?? "", spacing: spacing ?? "" });
    }

    #explainVoice() {
      const { t } = this;
      const start = button(t.voiceStart, () => this.#hear(), { className: "primary" });
      this.#showPanel(
        this.shadowRoot.activeElement,
        element("p", {}, t.voiceWhy),
        element("div", { className: "actions" }, start, button(t.cancel, () => this.#closePanel())),
      );
      start.focus();
    }

    #hear() {
      this.#closePanel();
      const hearing = new Recognition();
      hearing.lang = this.t.code;
      let heard = "";
      hearing.onresult = (event) => {
        heard = event.results[0][0].transcript;
        this.field.value = `${this.field.value} ${heard}`.trim();
        this.#fitField();
      };
      hearing.onend = hearing.onerror = () => {
        this.status.textContent = heard ? "" : this.t.voiceFailed;
        this.field.focus();
      };
      this.status.textContent = this.t.voiceNow;
      hearing.start();
    }

    /* What one may do with a message or a card */

    #acts = {
      listen: canRead ? (text) => this.#listen(text) : null,
      copy: (text) => this.#copy(text),
      print: (name, text) => this.#print(name, text),
      report: (content, said) => this.#say(content, said).focus({ preventScroll: true }),
    };

    #listen(text, lang = "fr") {
      const stop = button(this.t.stopListening, hush);
      this.status.replaceChildren(stop);
      readAloud(text, lang, () => stop.remove());
    }

    async #copy(text) {
      try {
        await navigator.clipboard.writeText(text);
        this.status.textContent = this.t.copied;
      } catch {
        // A page without HTTPS, or a browser that refuses: the older way.
        const before = this.shadowRoot.activeElement;
        const area = element("textarea", { className: "copy", value: text, "aria-hidden": "true" });
        this.widget.append(area);
        area.select();
        this.status.textContent = document.execCommand("copy") ? this.t.copied : this.t.refused;
        area.remove();
        before?.focus();
      }
    }

    /** A page with this card alone: printing ours would print the whole site. */
    #print(name, text) {
      const page = window.open("", "_blank");
      if (!page) return (this.status.textContent = this.t.refused);
      page.document.title = name;
      page.document.documentElement.lang = "fr";
      page.document.body.append(element("main", { innerText: text, dir: "auto" }));
      page.print();
    }

    /* What the person does */

    #submit() {
      const text = this.field.value.trim();
      if (!text || !this.paused.hidden) return;
      this.field.value = "";
      this.#fitField();
      this.#say({ text }, text);
    }

    #choose(choice) {
      const turn = this.#say({ payload: choice.payload }, choice.title);
      // The button is gone; the answer's first link or choice comes right after this turn.
      turn.focus({ preventScroll: true });
    }

    /** Queue a message (`text`, `payload`, or `record` and `reason`) and show what was said. */
    #say(content, said) {
      const id = newId();
      this.#memory.queue.push({ id, said, ...content });
      const turn = this.#add({ from: "you", text: said, id });
      this.#send();
      return turn;
    }

    #restart() {
      this.#forget();
      this.#memory.clear();
      this.#start();
    }

    /** Erase here and at the server, then go: nothing waits for an answer. */
    #leave() {
      const { token } = this.#memory;
      this.#forget();
      this.#memory.erase();
      if (token) ask("api/leave", { token }, null, { keepalive: true }).catch(() => {});
      document.documentElement.style.setProperty("display", "none", "important"); // while it comes
      location.replace(QUICK_EXIT);
    }

    #forget() {
      this.#life.abort();
      this.#life = new AbortController();
      this.#sending = false;
      this.#opening = null;
      clearTimeout(this.#retry);
      hush();
      this.#showTyping(false);
      this.log.replaceChildren();
      this.field.value = this.#asked = "";
      this.#fitField();
    }

    /* The conversation */

    async #start() {
      if (this.#memory.queue.length) return this.#send();
      if (this.#memory.entries.length) return;
      const { signal } = this.#life;
      try {
        await this.#begin();
      } catch (error) {
        if (signal.aborted || this.#memory.queue.length) return;
        if (!this.#showPause(error)) this.#fail(this.log, error.status ? error.message : this.t.notOpened);
      }
    }

    /** A token for this conversation, asked for once. */
    #begin() {
      const { signal } = this.#life;
      return (this.#opening ??= this.#welcome(signal).finally(() => signal.aborted || (this.#opening = null)));
    }

    /** Get a token, and show the welcome unless the conversation is already under way. */
    async #welcome(signal) {
      const { token, messages, policy_url } = await ask("api/session", { lang: this.t.code }, signal);
      if (signal.aborted) return;
      this.#memory.token = token;
      this.#memory.policy = policy_url;
      this.#showPolicy();
      if (this.#memory.entries.some((entry) => entry.from === "jalon")) return;
      this.#clearFailure();
      const asked = this.#memory.entries.length && { buttons: [] }; // the question is put already
      messages.forEach((message) => this.#add({ from: "jalon", ...message, ...asked }));
    }

    /** Send what is queued, one message at a time, in order. */
    async #send() {
      if (this.#sending) return;
      if (navigator.onLine === false) return this.#online();
      this.#sending = true;
      const { signal } = this.#life;
      clearTimeout(this.#retry);
      this.#showTyping(true);
      try {
        while (this.#memory.queue.length) await this.#sendFirst(signal);
        this.#retries = 0;
      } catch (error) {
        if (!signal.aborted) this.#explain(error);
      }
      if (signal.aborted) return;
      this.#showTyping(false);
      this.#sending = false;
    }

    async #sendFirst(signal) {
      const message = this.#memory.queue[0];
      const { messages } = await this.#deliver(message, signal);
      if (signal.aborted) return;
      this.#memory.queue.shift();
      this.#clearFailure();
      if (messages.some(({ custom }) => custom?.efface)) {
        this.#memory.entries = [];
        this.log.replaceChildren();
      }
      const turns = messages.map((answer) => this.#add({ from: "jalon", ...answer }));
      this.#show(this.#turnOf(message.id) ?? turns[0]);
    }

    async #deliver({ said, ...message }, signal) {
      const path = message.record ? "api/report" : "api/message";
      if (!this.#memory.token) await this.#begin();
      try {
        return await ask(path, { token: this.#memory.token, ...message }, signal);
      } catch (error) {
        if (error.status !== 401) throw error;
        await this.#begin();
        // A choice belongs to the conversation that showed it: say its words in the new one.
        return ask("api/message", { token: this.#memory.token, id: message.id, text: said }, signal);
      }
    }

    /** A message that was refused comes back to the field; any other waits for another try. */
    #explain(error) {
      if (this.#showPause(error)) return;
      const message = this.#memory.queue[0];
      const refused = error.status >= 400 && error.status < 500 && ![401, 429].includes(error.status);
      const turn = this.#turnOf(message.id);
      if (!refused) {
        this.#fail(turn, error.status ? error.message : this.t.notSent);
        const delay = RETRY_DELAYS[Math.min(this.#retries++, RETRY_DELAYS.length - 1)];
        this.#retry = setTimeout(() => this.#send(), delay);
        return;
      }
      this.#memory.queue.shift();
      this.#memory.entries = this.#memory.entries.filter((entry) => entry.id !== message.id);
      turn.remove();
      this.#add({ from: "jalon", text: error.message, buttons: [], custom: {} });
      if (message.text && !this.field.value) {
        this.field.value = message.text;
        this.#fitField();
      }
    }

    #online() {
      this.status.textContent = navigator.onLine === false ? this.t.offline : "";
      if (navigator.onLine !== false && this.#memory.queue.length) this.#send();
    }

    /* The operator's pause */

    async #poll() {
      const seen = !document.hidden && (!this.#floating || this.widget.open);
      if (!seen || navigator.onLine === false) return;
      try {
        const { pause } = await ask("api/state");
        this.#pause(pause);
      } catch {
        // What fails is said when the person writes.
      }
    }

    #showPause(error) {
      if (error.code === "paused") this.#pause(error.message);
      return error.code === "paused";
    }

    #pause(message) {
      const told = message ?? "";
      if (told === this.told) return;
      this.told = told;
      // The field goes away: who was in it stays in the widget.
      if (message && this.form.contains(this.shadowRoot.activeElement)) this.heading.focus();
      this.paused.replaceChildren(...told.split("\n").map(lineWithPhones));
      this.paused.hidden = !message;
      this.form.hidden = Boolean(message);
      this.log.querySelectorAll(".choices button").forEach((node) => (node.disabled = Boolean(message)));
      if (!message) this.#start();
    }

    /* What is shown */

    #fillLog() {
      const { entries } = this.#memory;
      const last = entries.map((entry) => entry.from).lastIndexOf("you");
      entries.forEach((entry, index) => this.log.append(this.#turn(entry, index > last)));
    }

    #add(entry) {
      if (entry.from === "you") this.log.querySelectorAll(".choices").forEach((node) => node.remove());
      entry.at = Date.now();
      this.#memory.entries.push(entry);
      this.#memory.save();
      const turn = this.#turn(entry, true);
      this.log.append(turn);
      while (this.log.childElementCount > MAX_ENTRIES) this.log.firstElementChild.remove();
      if (entry.from === "you") this.#show(turn);
      return turn;
    }

    #turn(entry, open) {
      const { t } = this;
      const mine = entry.from === "you";
      const turn = element("div", { className: `turn from-${entry.from}`, tabIndex: -1 }, this.#who(mine, entry.at));
      if (mine) {
        turn.dataset.id = entry.id;
        turn.append(element("div", { className: "bubble" }, element("p", { dir: "auto" }, entry.text)));
        return turn;
      }
      turn.append(...answerParts(t, entry, this.#acts));
      if (canRead) {
        const lang = entry.custom?.langue ?? "fr";
        turn.append(button(t.listen, () => this.#listen(spokenText(entry), lang), { className: "listen" }));
      }
      if (open && entry.buttons?.length) turn.append(this.#choices(entry.buttons));
      return turn;
    }

    #who(mine, at) {
      const time = new Intl.DateTimeFormat(this.t.code, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
      return element(
        "p",
        { className: "who" },
        mine ? this.t.you : "Jalon",
        hiddenText(" :"),
        " ",
        element("time", { dateTime: new Date(at).toISOString() }, time),
      );
    }

    #choices(buttons) {
      return element(
        "div",
        { className: "choices", role: "group", "aria-label": this.t.choices },
        ...buttons.map((choice) => button(choice.title, () => this.#choose(choice), { dir: "auto" })),
      );
    }

    #turnOf(id) {
      return this.log.querySelector(`[data-id="${id}"]`);
    }

    #fail(place, message) {
      this.#clearFailure();
      const again = button(this.t.retry, () => {
        this.#clearFailure();
        if (place === this.log) this.log.focus();
        else place.focus();
        this.#start();
      });
      place.append(element("div", { className: "failed" }, element("p", {}, message), again));
      this.#showEnd();
    }

    #clearFailure() {
      this.log.querySelectorAll(".failed").forEach((node) => node.remove());
    }

    #showTyping(typing) {
      clearTimeout(this.#typing);
      if (!typing) this.status.textContent = "";
      else this.#typing = setTimeout(() => (this.status.textContent = this.t.typing), TYPING_DELAY);
    }

    /** Scroll to what was just said, so that a long answer is read from its start. */
    #show(turn) {
      if (this.log.scrollHeight > this.log.clientHeight) this.log.scrollTop = turn.offsetTop - 12;
      else turn.scrollIntoView({ block: "nearest" });
    }

    #showEnd() {
      this.log.scrollTop = this.log.scrollHeight;
    }
  }

  customElements.define("jalon-chat", JalonChat);

  /** A page that places no widget gets one that floats in a corner. */
  function place() {
    if (document.querySelector("jalon-chat")) return;
    const widget = element("jalon-chat");
    widget.setAttribute("floating", "");
    if (SCRIPT.dataset.position) widget.setAttribute("position", SCRIPT.dataset.position);
    document.body.append(widget);
  }

  // Without « defer », the page is not there yet.
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", place);
  else place();
})();
