using SeqCore.Models;

namespace SeqCore.Samples.TagWords;

/// <summary>
/// Writes the log of a harbour, in which ships, persons, firms and ports are marked in the scheme BIO. Names are made of random
/// syllables, so that most of those in the sentences for tests are in none for training.
/// </summary>
/// <remarks>
/// Each part of a model has its use. A name of one word is a person, a ship or a port by its end, such as -sen, -ina or -haven,
/// which only its characters show. "Thorsen and Larsen and Nilsen" are a firm of two and a person, in either order, and now and
/// then a firm of three; nothing tells which. Each word by itself is most likely in a firm, and so a tagger without a conditional
/// random field gives a firm of three each time, which is the least likely of the three readings. With the field, the tags of all
/// words agree on one of the others. It is the same with "the Hope of Melvik", a ship or a ship and its port.
/// </remarks>
internal static class Logbook
{
    /// <summary>A sentence to try.</summary>
    public const string Example = "Captain Thorsen took the Hope of Bridgehaven to Kelvik for Nilsen and Sons .";

    private const int Count = 3000;
    private const ulong Seed = 0x6C6F67626F6F6B;

    // A ship is *, a person #, a port @, a firm %; & is a firm and a person, and the ship + may have its port after it.
    private static readonly string[] patterns =
    [
        "The * left for @ .", "Captain # of the * went to @ .", "The * is lost , says a letter from @ .",
        "Letters came for # , @ and the * .", "Give it to # .", "Give it to @ .", "No news of the * and her captain , # .",
        "# sold the * to % .", "# sold the * to # .", "% of @ have bought the * .", "They ask for # .", "They ask for the * .",
        "They ask for @ .", "They ask for % .", "The cargo of the + belongs to & .", "The + came in with salt for & .",
        "& paid for the repairs of the + .", "A storm drove the + back to @ .", "& want a berth .", "& ask for pilots .",
        "The + and the * wait for the tide .", "Nobody has seen the + since she left @ .", "Wool for & came from @ .",
        "Salt for & , and letters from @ .", "& wait for news of the * .", "The * carries tar for & .",
    ];

    /// <summary>The sentences, always the same ones.</summary>
    public static IReadOnlyList<TaggedText> All()
    {
        var random = new RandomGenerator(Seed);
        return [.. Enumerable.Range(0, Count).Select(_ => Sentence(patterns[random.NextInt32(patterns.Length)], random))];
    }

    private static TaggedText Sentence(string pattern, RandomGenerator random)
    {
        var (tokens, tags) = (new List<string>(), new List<string>());
        foreach (var word in pattern.Split(' '))
        {
            switch (word)
            {
                case "*":
                    Name(Ship(random), "SHIP");
                    break;
                case "#":
                    Name(Person(random), "PERSON");
                    break;
                case "@":
                    Name(Port(random), "PORT");
                    break;
                case "%":
                    Name(Firm(random), "FIRM");
                    break;
                case "&":
                    Partners(random.NextInt32(5));
                    break;
                case "+" when random.NextInt32(2) == 0:
                    Name($"{Virtue(random)} of {Port(random)}", "SHIP");
                    break;
                case "+":
                    Name(Virtue(random), "SHIP");
                    Plain("of");
                    Name(Port(random), "PORT");
                    break;
                default:
                    Plain(word);
                    break;
            }
        }

        return new TaggedText(tokens, tags);

        // Two of five are a firm and a person, two a person and a firm, and one is a firm of three.
        void Partners(int reading)
        {
            var (before, firm, after) = reading switch { < 2 => (0, 2, 1), < 4 => (1, 2, 0), _ => (0, 3, 0) };
            if (before > 0)
            {
                Name(Person(random), "PERSON");
                Plain("and");
            }

            Name(string.Join(" and ", Enumerable.Range(0, firm).Select(_ => Person(random))), "FIRM");
            if (after == 0)
                return;
            Plain("and");
            Name(Person(random), "PERSON");
        }

        void Plain(string word)
        {
            tokens.Add(word);
            tags.Add("O");
        }

        void Name(string name, string type)
        {
            foreach (var (i, word) in name.Split(' ').Index())
            {
                tokens.Add(word);
                tags.Add($"{(i == 0 ? 'B' : 'I')}-{type}");
            }
        }
    }

    private static string Ship(RandomGenerator random) => random.NextInt32(3) switch
    {
        0 => Syllables(random) + One("a ina essa", random),
        1 => $"{One("Black Blue Golden Grey Red Silver", random)} {One("Crown Fox Goose Gull Star Swan Whale", random)}",
        _ => $"{Virtue(random)} and {Virtue(random)}",
    };

    private static string Firm(RandomGenerator random) => random.NextInt32(3) switch
    {
        0 => $"{Person(random)} and Sons",
        1 => $"{Port(random)} Dock Company",
        _ => $"{Person(random)} Brothers",
    };

    private static string Virtue(RandomGenerator random) => One("Faith Glory Hope Maid Pride Queen Venture", random);

    private static string Person(RandomGenerator random) => Syllables(random) + One("son sen sson", random);

    private static string Port(RandomGenerator random) => Syllables(random) + One("haven vik sund", random);

    private static string Syllables(RandomGenerator random)
    {
        var first = One("B D F G H J K L M N P R S St T Th V W", random) + Rhyme(random);
        return random.NextInt32(3) == 0 ? first : first + Rhyme(random);
    }

    private static string Rhyme(RandomGenerator random) =>
        One("a e i o u", random) + One("l ld m n nd r rd rn t lt", random);

    private static string One(string choices, RandomGenerator random)
    {
        var each = choices.Split(' ');
        return each[random.NextInt32(each.Length)];
    }
}
