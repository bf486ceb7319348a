import Kernel

extension OGCService {
    func tilesets(_ collection: OGCCollection) -> JSON {
        let path = collection.path + "/tiles"
        return ["links": .array(selves(path, OGCType.json)), "tilesets": [tileset(collection)]]
    }

    func tileset(_ collection: OGCCollection) -> JSON {
        let path = collection.path + "/tiles/" + OGCResource.matrixSet
        return [
            "title": .string(name(collection)), "description": .string(say("boundaries")), "dataType": "vector", "crs": "http://www.opengis.net/def/crs/EPSG/0/3857",
            "tileMatrixSetURI": .string(Self.matrixSetURI), "attribution": .string(session.platform.configuration.organisation),
            "layers": [["id": .string(collection.id), "dataType": "vector", "geometryDimension": 0]],
            "links": .array(selves(path, OGCType.json) + [
                ["href": .string(Self.matrixSetURI), "rel": "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme", "type": .string(OGCType.json)],
                link("item", path + "/{tileMatrix}/{tileRow}/{tileCol}", OGCType.tile, name(collection), isTemplate: true),
                link("geodata", collection.path, OGCType.json, name(collection)),
            ]),
        ]
    }

    private static let matrixSetURI = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
}
