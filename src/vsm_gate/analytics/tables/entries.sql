-- What a check's objectives and measurements are kept in; `record` is the number of its record.
CREATE TABLE objectives (
    record BIGINT, objective VARCHAR, metric VARCHAR, status VARCHAR, score DOUBLE, weight DOUBLE,
    waiver VARCHAR
);
CREATE TABLE measurements (
    record BIGINT, metric VARCHAR, value DOUBLE, numerator BIGINT, denominator BIGINT,
    missing VARCHAR
);
