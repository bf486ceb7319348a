// Positions and distances on the ellipsoid WGS 84: references of the military grid as the server writes them, and lengths along the ellipsoid.
const a = 6378137, f = 1 / 298.257223563, b = a * (1 - f), e = Math.sqrt(f * (2 - f)), n = f / (2 - f);
const radians = degrees => degrees * Math.PI / 180;

// Krüger's series to the fourth order: Karney, "Transverse Mercator with an accuracy of a few nanometers" (2011), eq. 14 and 35; within a zone it is
// good to less than a micrometre.
const scale = 0.9996 * a / (1 + n) * (1 + n ** 2 / 4 + n ** 4 / 64);
const alphas = [
  n / 2 - 2 * n ** 2 / 3 + 5 * n ** 3 / 16 + 41 * n ** 4 / 180, 13 * n ** 2 / 48 - 3 * n ** 3 / 5 + 557 * n ** 4 / 1440,
  61 * n ** 3 / 240 - 103 * n ** 4 / 140, 49561 * n ** 4 / 161280,
];
function transverseMercator(latitude, longitude) {
  const sine = Math.sin(radians(latitude)), turn = radians(longitude);
  const conformal = Math.sinh(Math.atanh(sine) - e * Math.atanh(e * sine));
  const xi = Math.atan2(conformal, Math.cos(turn)), eta = Math.asinh(Math.sin(turn) / Math.hypot(conformal, Math.cos(turn)));
  let north = xi, east = eta;
  alphas.forEach((alpha, i) => {
    const order = 2 * (i + 1);
    north += alpha * Math.sin(order * xi) * Math.cosh(order * eta);
    east += alpha * Math.cos(order * xi) * Math.sinh(order * eta);
  });
  return [scale * east, scale * north];
}

const bands = 'CDEFGHJKLMNPQRSTUVWX', columns = ['ABCDEFGH', 'JKLMNPQR', 'STUVWXYZ'], rows = 'ABCDEFGHJKLMNPQRSTUV';
// Zones are six degrees wide, but for the south-west of Norway and for Svalbard.
function zoneOf(latitude, longitude) {
  if (latitude >= 56 && latitude < 64 && longitude >= 3 && longitude < 12) return 32;
  if (latitude >= 72 && longitude >= 0 && longitude < 42) return longitude < 9 ? 31 : longitude < 21 ? 33 : longitude < 33 ? 35 : 37;
  return Math.floor((longitude + 180) / 6) % 60 + 1;
}

/** The grid reference (NGA.STND.0037) to a metre, digits cut and never rounded: "34N BK 29184 86098". Nothing beyond 84° N and 80° S. */
export function grid(latitude, longitude, digits = 5) {
  if (!(latitude >= -80 && latitude < 84)) return '';
  const zone = zoneOf(latitude, longitude), band = bands[Math.min(19, Math.floor((latitude + 80) / 8))];
  let [east, north] = transverseMercator(latitude, longitude - (zone * 6 - 183));
  east = Math.floor(east + 500000); north = Math.floor(north + (latitude < 0 ? 10000000 : 0));
  const column = columns[(zone - 1) % 3][Math.floor(east / 100000) - 1], row = rows[(Math.floor(north / 100000) + (zone % 2 ? 0 : 5)) % 20];
  const cut = number => String(number % 100000).padStart(5, '0').slice(0, digits);
  return `${String(zone).padStart(2, '0')}${band} ${column}${row} ${cut(east)} ${cut(north)}`;
}

/** Metres along the ellipsoid between two [latitude, longitude] (T. Vincenty, Survey Review 23, 1975); NaN for points almost opposite each other. */
export function distance([lat1, lon1], [lat2, lon2]) {
  const u1 = Math.atan((1 - f) * Math.tan(radians(lat1))), u2 = Math.atan((1 - f) * Math.tan(radians(lat2))), across = radians(lon2 - lon1);
  const [s1, c1, s2, c2] = [Math.sin(u1), Math.cos(u1), Math.sin(u2), Math.cos(u2)];
  let turn = across;
  for (let i = 0; i < 200; i += 1) {
    const sine = Math.hypot(c2 * Math.sin(turn), c1 * s2 - s1 * c2 * Math.cos(turn)), cosine = s1 * s2 + c1 * c2 * Math.cos(turn);
    if (sine === 0) return 0;
    const arc = Math.atan2(sine, cosine), azimuth = c1 * c2 * Math.sin(turn) / sine, square = 1 - azimuth ** 2;
    const middle = square ? cosine - 2 * s1 * s2 / square : 0, c = f / 16 * square * (4 + f * (4 - 3 * square)), before = turn;
    turn = across + (1 - c) * f * azimuth * (arc + c * sine * (middle + c * cosine * (2 * middle ** 2 - 1)));
    if (Math.abs(turn - before) > 1e-12) continue;
    const u = square * (a ** 2 - b ** 2) / b ** 2, A = 1 + u / 16384 * (4096 + u * (-768 + u * (320 - 175 * u))), B = u / 1024 * (256 + u * (-128 + u * (74 - 47 * u)));
    const delta = B * sine * (middle + B / 4 * (cosine * (2 * middle ** 2 - 1) - B / 6 * middle * (4 * sine ** 2 - 3) * (4 * middle ** 2 - 3)));
    return b * A * (arc - delta);
  }
  return NaN;
}
