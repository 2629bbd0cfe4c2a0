-- The tables of a Rails application, with a row for each kind of rejection; for PostgreSQL and SQLite.
CREATE TABLE publishers (id integer PRIMARY KEY, name varchar(255) NOT NULL, city varchar(255));
CREATE TABLE characters (id integer PRIMARY KEY, name varchar(255) NOT NULL, publisher_id integer, created_at timestamp NOT NULL);
CREATE TABLE appearances (character_id integer NOT NULL, issue integer NOT NULL, PRIMARY KEY (character_id, issue));
CREATE TABLE aliases (id integer PRIMARY KEY, character_id integer NOT NULL, name varchar(255) NOT NULL);
INSERT INTO publishers VALUES (1, 'DC Comics', 'Burbank'), (2, 'Marvel', NULL), (5, 'Tab	and \ and ♥', 'Köln');
INSERT INTO characters VALUES
    (1, 'Superman (Clark Kent)', 1, '2001-02-03 04:05:06'),
    (2, 'Hulk (Bruce Banner)', 2, '2001-02-03 04:05:06.789'),
    (3, 'Galactus', NULL, '2001-07-03 04:05:06'),
    (4, 'Odin', 0, '2001-07-03 04:05:06'),
    -- Refers to a missing publisher.
    (7, 'Spawn', 9, '2001-07-03 04:05:06'),
    -- Has no name.
    (8, '', 1, '2001-07-03 04:05:06');
INSERT INTO appearances VALUES (1, 1), (1, 2), (2, 1),
    -- Refer to a missing character, and to one that is rejected.
    (99, 1), (8, 1);
INSERT INTO aliases VALUES (1, 1, 'Kal-El'), (2, 2, 'Joe Fixit'),
    -- A duplicate, except for a blank.
    (3, 1, 'Kal-El ');
