using System.Text;

namespace SeqCore.Samples.MaskedLanguageModel;

/// <summary>
/// Tells little stories in which the words depend on one another, before and after: names on pronouns, colours on what was said
/// of a thing, verbs on who acts and how many, numbers on sums. A hidden word can often be inferred, but only from both
/// sides.
/// </summary>
/// <param name="seed">Equal seeds give equal stories.</param>
internal sealed class StoryTeller(ulong seed)
{
    private readonly RandomGenerator random = new(seed);

    /// <summary>The built-in data set: stories, one a line, until the text has this many characters.</summary>
    public static string Book(int characters = 400_000, ulong seed = 1)
    {
        var teller = new StoryTeller(seed);
        var text = new StringBuilder(characters + 200);
        while (text.Length < characters)
            text.Append(teller.Tell()).Append('\n');
        return text.ToString();
    }

    /// <summary>The next story.</summary>
    public string Tell() => random.NextInt32(8) switch
    {
        0 => Gift(),
        1 => Gathering(),
        2 => Eating(),
        3 => Walk(),
        4 => Calendar(),
        5 => Feeding(),
        6 => Sizes(),
        _ => Family(),
    };

    private string Gift()
    {
        var (giver, taker) = Two(Person.All);
        var (colour, thing) = (One(Props.Colours), One(Props.Things));
        return $"{giver.Name} has a {colour} {thing}. {giver.CapitalShe} gives the {thing} to {taker.Name}."
            + $" Now {taker.Name} has the {colour} {thing}.";
    }

    private string Gathering()
    {
        var (owner, friend) = Two(Person.All);
        var fruits = One(Props.Fruits);
        var (before, more) = (2 + random.NextInt32(5), 2 + random.NextInt32(5));
        return $"{owner.Name} has {Number(before)} {fruits}. {friend.Name} gives {owner.Her} {Number(more)} more."
            + $" Now {owner.She} has {Number(before + more)} {fruits}.";
    }

    private string Eating()
    {
        var (owner, fruits) = (One(Person.All), One(Props.Fruits));
        var (lost, left) = (2 + random.NextInt32(5), 2 + random.NextInt32(5));
        return $"{owner.Name} has {Number(lost + left)} {fruits}. {owner.CapitalShe} loses {Number(lost)} of them."
            + $" Now {owner.She} has only {Number(left)} {fruits}.";
    }

    private string Walk()
    {
        var walker = One(Person.All);
        var (first, second) = Two(Props.Places);
        var third = One([.. Props.Places.Where(p => p != first && p != second)]);
        return $"{walker.Name} walks from the {first} to the {second}. Then {walker.She} goes to the {third}."
            + $" Now {walker.Name} is in the {third}, not in the {second}.";
    }

    private string Calendar()
    {
        var today = random.NextInt32(7);
        return $"Today is {Day(today)}, so tomorrow is {Day(today + 1)} and yesterday was {Day(today + 6)}.";

        static string Day(int number) => Props.Days[number % 7];
    }

    private string Feeding()
    {
        var (animal, place, person) = (One(Animal.All), One(Props.Places), One(Person.All));
        return random.NextInt32(2) == 0
            ? $"The {animal.One} in the {place} {animal.Does}. It is hungry, so {person.Name} feeds it with {person.Hers} bread."
            : $"The {animal.Several} in the {place} {animal.Do}."
                + $" They are hungry, so {person.Name} feeds them with {person.Hers} bread.";
    }

    private string Sizes()
    {
        var first = random.NextInt32(Animal.BySize.Count);
        var second = (first + 1 + random.NextInt32(Animal.BySize.Count - 1)) % Animal.BySize.Count;
        var (big, small) = (Animal.BySize[Math.Max(first, second)], Animal.BySize[Math.Min(first, second)]);
        return random.NextInt32(2) == 0
            ? $"The {big} is bigger than the {small}, so the {small} is smaller than the {big}."
            : $"The {small} is smaller than the {big}, so the {big} is bigger than the {small}.";
    }

    private string Family()
    {
        var (parent, child) = Two(Person.All);
        var (is1, is2) = (parent.IsFemale ? "mother" : "father", child.IsFemale ? "daughter" : "son");
        return $"{parent.Name} is the {is1} of {child.Name}, so {child.Name} is the {is2} of {parent.Name}.";
    }

    private static string Number(int value) => Props.Numbers[value];

    private T One<T>(IReadOnlyList<T> items) => items[random.NextInt32(items.Count)];

    private (T First, T Second) Two<T>(IReadOnlyList<T> items)
    {
        var first = random.NextInt32(items.Count);
        return (items[first], items[(first + 1 + random.NextInt32(items.Count - 1)) % items.Count]);
    }
}

/// <summary>A person in a story.</summary>
/// <param name="Name">The name with a capital.</param>
/// <param name="IsFemale">Whether the pronouns are she and her.</param>
internal sealed record Person(string Name, bool IsFemale)
{
    /// <summary>All people in the stories.</summary>
    public static IReadOnlyList<Person> All { get; } =
    [
        .. new[] { "Anna", "Clara", "Emma", "Lucy", "Nora", "Rosa" }.Select(n => new Person(n, true)),
        .. new[] { "Ben", "David", "Hugo", "Oscar", "Paul", "Tom" }.Select(n => new Person(n, false)),
    ];

    /// <summary>The pronoun she or he.</summary>
    public string She => IsFemale ? "she" : "he";

    /// <summary>The pronoun She or He.</summary>
    public string CapitalShe => IsFemale ? "She" : "He";

    /// <summary>The pronoun her or him.</summary>
    public string Her => IsFemale ? "her" : "him";

    /// <summary>The pronoun her or his, before a noun.</summary>
    public string Hers => IsFemale ? "her" : "his";
}

/// <summary>An animal with its plural and what it does, for one and for several.</summary>
internal sealed record Animal(string One, string Several, string Does, string Do)
{
    /// <summary>Every animal with a voice.</summary>
    public static IReadOnlyList<Animal> All { get; } =
    [
        new("dog", "dogs", "barks", "bark"), new("cow", "cows", "moos", "moo"), new("duck", "ducks", "quacks", "quack"),
        new("horse", "horses", "neighs", "neigh"), new("lion", "lions", "roars", "roar"), new("bird", "birds", "sings", "sing"),
    ];

    /// <summary>Animals from the smallest to the biggest.</summary>
    public static IReadOnlyList<string> BySize { get; } = ["ant", "mouse", "cat", "dog", "cow", "elephant", "whale"];
}

/// <summary>Things and words that stories are made of.</summary>
internal static class Props
{
    public static IReadOnlyList<string> Colours { get; } = ["red", "green", "blue", "yellow", "white", "black"];

    public static IReadOnlyList<string> Things { get; } = ["ball", "book", "kite", "hat", "lamp", "cup", "drum", "key"];

    public static IReadOnlyList<string> Fruits { get; } = ["apples", "pears", "plums", "nuts", "eggs", "coins"];

    public static IReadOnlyList<string> Places { get; } = ["kitchen", "garden", "forest", "school", "market", "station", "park",
        "library"];

    public static IReadOnlyList<string> Days { get; } = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
        "Saturday", "Sunday"];

    /// <summary>Numbers are positions in this list.</summary>
    public static IReadOnlyList<string> Numbers { get; } =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
}
