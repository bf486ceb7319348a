import Foundation
import Kernel
import TestKit
import Testing
@testable import Situation

@Suite struct MappingTests {
    @Test func `columns are known by their names in six languages`() {
        let headers: [[String]] = [
            ["ID", "Title", "Description", "Category", "Date", "Time", "Lat", "Long", "Source", "Deaths"],
            ["Identifiant", "Titre", "Détails", "Catégorie", "Date de début", "Heure", "Latitude", "Longitude", "Source", "Morts"],
            ["Identificador", "Título", "Descripción", "Categoría", "Fecha", "Hora", "Latitud", "Longitud", "Fuente", "Muertos"],
            ["Идентификатор", "Название", "Описание", "Категория", "Дата", "Время", "Широта", "Долгота", "Источник", "Погибшие"],
            ["المعرّف", "العنوان", "الوصف", "الفئة", "التاريخ", "الوقت", "خط العرض", "خط الطول", "المصدر", "القتلى"],
            ["编号", "标题", "描述", "类别", "日期", "时间", "纬度", "经度", "来源", "死亡人数"],
        ]
        let expected: [ExchangeField?] = [.id, .name, .description, .category, .start, .clock, .latitude, .longitude, .source, .best]
        for header in headers {
            let mapping = FieldMapping.suggested(for: header)
            same(header.map { mapping[$0] }, expected, header[0])
        }
    }

    @Test func `a field goes to the name that suits it best, once`() {
        let mapping = FieldMapping.suggested(for: ["timestamp", "DATE_START", "date", "objectid", "event_id", "actor1", "Actor 2", "zeta"])
        same(mapping.fields, ["DATE_START": .start, "event_id": .id, "actor1": .actor, "Actor 2": .actor])
        same(FieldMapping.suggested(for: ["latitude", "lat"], in: false).fields, [:], "only tables have coordinates in columns")
    }

    @Test func `a plain table is read by its mapping, a chosen one wins`() throws {
        let text = "Réf;Intitulé;Date;Heure;Latitude;Longitude;Catégorie;Sous-type;Précision (m);Couleur\nA-1;Vol de bétail;03/06/2019;06:20;4,4;18,5;Crime;Vol;500;bleu\nA-2;;03/06/2019;25:00;4,4;18,5;;;beaucoup;\n"
        var source = ExchangeSource(zone: bangui, dateOrder: .dayFirst)
        let report = ExchangeFormat.csv.read(text, source)
        same(ExchangeFormat.recognised(Array(text.utf8)), .csv)
        same(report.shown, ["3 bad-number Précision (m)", "3 bad-time Date"])
        same(report.features, [ExchangeFeature(
            sourceID: "A-1", place: point(18.5, 4.4), placePrecision: 500, time: ExchangeTime(at("2019-06-03T05:20:00Z"), precision: .exact), name: "Vol de bétail", categories: ["Crime", "Vol"],
            properties: [ExchangeProperty("Couleur", .string("bleu"))])])
        source.mapping = FieldMapping(["Couleur": .category, "Réf": .id])
        let chosen = try #require(ExchangeFormat.csv.read(text, source).features.first)
        same(chosen.categories + [chosen.sourceID ?? ""] + chosen.properties.map(\.name), ["bleu", "A-1", "Intitulé", "Date", "Heure", "Latitude", "Longitude", "Catégorie", "Sous-type", "Précision (m)"])
        same(ExchangeFormat.csv.read("q,r\n1,2\n").codes, ["columns-missing"])
    }

    @Test func `formats are known by their beginning`() {
        let cases: [(String, ExchangeFormat?)] = [
            (" {", .geoJSON), ("\u{feff}{}", .geoJSON), ("<?xml version=\"1.0\"?><kml xmlns=\"x\">", .kml), ("<!-- a --><x:gpx>", .gpx), ("<html>", nil), ("id,name\n1,2", .csv), ("word", nil), ("", nil),
            (ConflictTable.acled.joined(separator: ";"), .acled), (ConflictTable.ged.joined(separator: "\t").uppercased(), .ged),
        ]
        #expect(cases.map { ExchangeFormat.recognised(Array($0.0.utf8)) } == cases.map(\.1))
    }

    @Test func `every fault has a weight, and the words' keys are plain`() {
        let names = ExchangeFault.Code.allCases.map(\.rawValue)
        holds(names.allSatisfy { $0.utf8.allSatisfy { (0x61...0x7a).contains($0) || $0 == 0x2d || (0x30...0x39).contains($0) } }, "letters and hyphens")
        same(Dictionary(grouping: ExchangeFault.Code.allCases, by: \.weight).mapValues(\.count), [.file: 17, .row: names.count - 33, .warning: 16])
        let long = ExchangeFault(.badTime, ["text": "a\u{1}" + String(repeating: "b", count: 500)])
        same(long.arguments["text"], "a " + String(repeating: "b", count: 78) + "…")
    }

    @Test func `warnings do not crowd out what has to be mended`() {
        var source = ExchangeSource.mission
        source.limits.faults = 5
        let rows = (0..<300).map { $0 < 290 ? "{\"type\":\"Feature\",\"geometry\":null}" : "1" }.joined(separator: ",")
        let report = ExchangeFormat.geoJSON.read("{\"type\":\"FeatureCollection\",\"features\":[\(rows)]}", source)
        same([report.tally[.noID], report.tally[.memberKind]], [290, 10])
        same([report.faults.count { $0.code == .noID }, report.faults.count { $0.code == .memberKind }], [5, 5])
    }
}
