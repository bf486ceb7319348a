/// Names under which files have a field, the likeliest first: our own, ACLED's and UCDP's, common programs', then the six languages.
enum ColumnNames {
    static let all: [(ExchangeField, [String])] = [
        (.id, [
            "id", "source_id", "event_id_cnty", "event_id", "incident_id", "global_id", "uid", "uuid", "guid", "reference", "ref", "fid", "objectid",
            "identifiant", "référence", "identificador", "referencia", "идентификатор", "номер", "المعرف", "رقم المرجع", "编号", "标识", "标识符",
        ]),
        (.name, [
            "name", "title", "headline", "label", "subject", "nom", "titre", "intitulé", "nombre", "título", "название", "имя", "заголовок",
            "наименование", "الاسم", "العنوان", "名称", "标题", "名字",
        ]),
        (.description, [
            "description", "notes", "desc", "details", "narrative", "summary", "text", "what", "comment", "cmt", "remarks", "récit", "détails", "résumé",
            "descripción", "detalles", "resumen", "relato", "notas", "описание", "подробности", "примечания", "الوصف", "التفاصيل", "ملاحظات", "描述", "说明", "详情", "备注",
        ]),
        (.category, [
            "category", "event_type", "type_of_violence", "incident_type", "type", "kind", "class", "catégorie", "type d'incident", "categoría", "tipo",
            "tipo de incidente", "категория", "тип", "вид", "الفئة", "النوع", "نوع الحادث", "类别", "类型", "事件类型",
        ]),
        (.subcategory, [
            "subcategory", "sub_event_type", "subtype", "sub_category", "sous-catégorie", "sous-type", "subcategoría", "subtipo", "подкатегория", "подтип",
            "الفئة الفرعية", "النوع الفرعي", "子类别", "子类型",
        ]),
        (.start, [
            "start", "date_start", "event_date", "occurred_start", "occurred_at", "start_date", "start_time", "begin", "date_time", "datetime", "date", "when",
            "occurred", "time_start", "timestamp", "début", "date de début", "date et heure", "fecha de inicio", "inicio", "fecha y hora", "fecha", "начало",
            "дата начала", "дата и время", "дата", "البداية", "تاريخ البدء", "التاريخ والوقت", "التاريخ", "开始", "开始日期", "开始时间", "日期时间", "日期", "发生时间",
        ]),
        (.end, [
            "end", "date_end", "occurred_end", "end_date", "end_time", "finish", "fin", "date de fin", "fecha de fin", "конец", "дата окончания", "окончание",
            "النهاية", "تاريخ الانتهاء", "结束", "结束日期", "结束时间",
        ]),
        (.clock, ["time", "event_time", "time_of_day", "hour", "heure", "hora", "время", "الوقت", "الساعة", "时间", "时刻"]),
        (.timePrecision, ["time_precision", "date_precision", "précision temporelle", "precisión temporal", "точность времени", "دقة الوقت", "时间精度"]),
        (.latitude, ["latitude", "lat", "y", "latitud", "широта", "خط العرض", "دائرة العرض", "纬度"]),
        (.longitude, ["longitude", "lon", "lng", "long", "x", "longitud", "долгота", "خط الطول", "经度"]),
        (.placePrecision, [
            "precision_m", "location_precision_m", "accuracy_m", "accuracy", "uncertainty_m", "précision (m)", "precisión (m)", "точность (м)", "الدقة (م)", "精度（米）",
        ]),
        (.placeName, [
            "place_name", "place", "location", "where_coordinates", "locality", "village", "town", "city", "lieu", "localité", "lugar", "localidad", "место",
            "населенный пункт", "местоположение", "المكان", "الموقع", "地点", "位置",
        ]),
        (.actor, [
            "actor", "actors", "actor1", "actor2", "assoc_actor_1", "assoc_actor_2", "side_a", "side_b", "perpetrator", "acteur", "acteurs", "auteur", "actores",
            "участник", "участники", "сторона", "الجهة الفاعلة", "الأطراف", "行为体", "行动者",
        ]),
        (.best, [
            "fatalities_best", "best", "fatalities", "deaths", "killed", "dead", "morts", "décès", "tués", "muertos", "fallecidos", "погибшие", "погибло", "убитые",
            "القتلى", "الوفيات", "死亡人数", "死亡",
        ]),
        (.low, ["fatalities_low", "low"]),
        (.high, ["fatalities_high", "high"]),
        (.source, ["source", "sources", "source_article", "reporter", "src", "fuente", "fuentes", "источник", "источники", "المصدر", "المصادر", "来源", "消息来源"]),
    ]
}
