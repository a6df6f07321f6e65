namespace SeqCore.Samples.MaskedLanguageModel.Stories;

/// <summary>Somebody in a story.</summary>
/// <param name="Name">With a capital.</param>
/// <param name="IsFemale">Decides the words that stand for the name.</param>
internal sealed record Person(string Name, bool IsFemale)
{
    /// <summary>Everybody there is.</summary>
    public static IReadOnlyList<Person> All { get; } =
    [
        .. new[] { "Anna", "Clara", "Emma", "Lucy", "Nora", "Rosa" }.Select(n => new Person(n, true)),
        .. new[] { "Ben", "David", "Hugo", "Oscar", "Paul", "Tom" }.Select(n => new Person(n, false)),
    ];

    /// <summary>she or he.</summary>
    public string She => IsFemale ? "she" : "he";

    /// <summary>She or He.</summary>
    public string CapitalShe => IsFemale ? "She" : "He";

    /// <summary>her or him.</summary>
    public string Her => IsFemale ? "her" : "him";

    /// <summary>her or his, before a noun.</summary>
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

    /// <summary>Numbers are places in this list.</summary>
    public static IReadOnlyList<string> Numbers { get; } =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
}
