-- What a field of a record may be. Whoever can record can write anything: a number that is none, or
-- is beyond all sense, is no number, and so with times. Both limits are far from any real value.
CREATE MACRO number(field) AS
    CASE WHEN ABS(TRY_CAST(field AS DOUBLE)) <= 1e15 THEN TRY_CAST(field AS DOUBLE) END;
CREATE MACRO whole(field) AS
    CASE
        WHEN TRY_CAST(field AS BIGINT) BETWEEN 0 AND 1000000000000000
            THEN TRY_CAST(field AS BIGINT)
    END;
CREATE MACRO moment(field) AS
    CASE
        WHEN TRY_CAST(field AS TIMESTAMPTZ) BETWEEN TIMESTAMPTZ '1990-01-01 00:00:00+00'
            AND TIMESTAMPTZ '2200-01-01 00:00:00+00'
            THEN TRY_CAST(field AS TIMESTAMPTZ) AT TIME ZONE 'UTC'
    END;
CREATE MACRO score_of(field) AS
    CASE WHEN number(field) BETWEEN 0 AND 100 THEN number(field) END;
